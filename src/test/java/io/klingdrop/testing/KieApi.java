package io.klingdrop.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.klingdrop.testing.FakeTask.Sight;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** What each endpoint does when nothing goes wrong. Safe for use by many threads. */
final class KieApi {

  private final InstantSource time;
  private final URI base;
  private final TaskBook tasks;
  private final ResultStore results;
  private final UploadStore uploads;
  private final RequestRules rules;
  private final RecordInfo recordInfo;
  private final Script<TaskPlan> plans;
  private final Gatekeeper gatekeeper;
  private final AtomicInteger freshLinks = new AtomicInteger();
  private volatile BigDecimal balance = new BigDecimal("5916.25");

  KieApi(
      URI base,
      TaskBook tasks,
      ResultStore results,
      UploadStore uploads,
      Script<TaskPlan> plans,
      Gatekeeper gatekeeper,
      InstantSource time) {
    this.time = time;
    this.base = base;
    this.tasks = tasks;
    this.results = results;
    this.uploads = uploads;
    this.rules = new RequestRules(base, uploads);
    this.recordInfo = new RecordInfo(base);
    this.plans = plans;
    this.gatekeeper = gatekeeper;
  }

  void balance(BigDecimal credits) {
    balance = credits;
  }

  Reply serve(Call call) throws IOException {
    return switch (call.endpoint()) {
      case UPLOAD -> uploads.take(call);
      case CREATE_TASK -> createTask(call);
      case RECORD_INFO -> recordInfo(call);
      case CREDIT -> Reply.json(Envelopes.success(DecimalNode.valueOf(balance)));
      case DOWNLOAD_URL -> downloadUrl(call);
      case FILE -> file(call);
      case RESULT -> results.serve(call).orElseGet(KieApi::notFound);
      case UNKNOWN -> notFound();
    };
  }

  /** What a poll would see now, without counting as one. */
  ObjectNode sight(FakeTask task) {
    return recordInfo.render(task, task.look(time.instant()));
  }

  private Reply createTask(Call call) {
    JsonNode request = call.json();
    Optional<Reply> refusal = rules.refusal(request);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    Optional<AcceptedTask> accepted =
        tasks.accept(
            request, rules.media(request), () -> plans.draw(call).orElseGet(TaskPlan::succeeds));
    if (accepted.isEmpty()) {
      gatekeeper.countThrottled();
      return refusal(429, Envelopes.TOO_FREQUENT);
    }
    String taskId = accepted.get().taskId();
    ObjectNode data = Envelopes.object().put("taskId", taskId).put("recordId", taskId);
    return Reply.json(Envelopes.success(data));
  }

  private Reply recordInfo(Call call) {
    String taskId = call.query("taskId").orElse("");
    if (taskId.isEmpty()) {
      return refusal(400, "taskId parameter is required");
    }
    Optional<FakeTask> task = tasks.find(taskId);
    Optional<Sight> sight = task.flatMap(found -> found.poll(time.instant()));
    return sight.isEmpty()
        ? refusal(422, "recordInfo is null")
        : Reply.json(Envelopes.success(recordInfo.render(task.orElseThrow(), sight.get())));
  }

  private Reply downloadUrl(Call call) {
    String url = call.json().path("url").asText();
    Optional<ResultName> name = Optional.of(url).flatMap(this::ownResult);
    if (name.flatMap(results::stored).isEmpty()) {
      return refusal(422, "url is wrong");
    }
    String fresh =
        base.resolve(name.orElseThrow().path()) + "?fresh=" + freshLinks.incrementAndGet();
    return Reply.json(Envelopes.success(TextNode.valueOf(fresh)));
  }

  private Optional<ResultName> ownResult(String url) {
    int query = url.indexOf('?');
    String plain = query < 0 ? url : url.substring(0, query);
    return plain.startsWith(base.toString())
        ? ResultName.parse(plain.substring(base.toString().length()))
        : Optional.empty();
  }

  private Reply file(Call call) throws IOException {
    Optional<Upload> upload = uploads.at(URI.create(base + call.rawPath()));
    return upload.isEmpty()
        ? notFound()
        : Downloads.serve(
            call, Body.of(upload.get().file()), upload.get().contentType(), upload.get().sha256());
  }

  private static Reply refusal(int code, String msg) {
    return Reply.json(Envelopes.refusal(code, msg));
  }

  private static Reply notFound() {
    String body = Envelopes.refusal(404, "Not Found").toString();
    return Reply.of(404, "application/json;charset=UTF-8", Body.of(body));
  }
}
