package io.klingdrop.testing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.sandbox.task.ResultName;
import io.klingdrop.sandbox.task.Sight;
import io.klingdrop.sandbox.task.StoredFile;
import io.klingdrop.testing.KlingRules.Refused;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** What each endpoint does when nothing goes wrong. Safe for use by many threads. */
final class KlingApi {

  private static final int ID_STEP = 1_000_003;

  private final InstantSource time;
  private final TaskBook tasks;
  private final Script<TaskPlan> plans;
  private final KlingReport report;
  private final Map<String, KlingTask> accepted = new LinkedHashMap<>();
  private long lastId = 878_106_242_831_892_487L;
  private volatile Relay relay = Relay.NONE;
  private volatile boolean anyPathFinds;

  KlingApi(TaskBook tasks, Script<TaskPlan> plans, KlingReport report, InstantSource time) {
    this.time = time;
    this.tasks = tasks;
    this.plans = plans;
    this.report = report;
  }

  void relay(Relay between) {
    relay = between;
  }

  void anyPathFinds(boolean any) {
    anyPathFinds = any;
  }

  RelayForm form() {
    return new RelayForm(relay, report);
  }

  synchronized List<KlingTask> accepted() {
    return new ArrayList<>(accepted.values());
  }

  Reply serve(KlingEndpoint endpoint, String account, Call call) throws IOException {
    return switch (endpoint) {
      case CREATE_AVATAR, CREATE_IMAGE -> create(endpoint, account, call);
      case QUERY_AVATAR, QUERY_IMAGE -> query(endpoint, account, call);
      case COSTS -> costs();
      case RESULT -> result(call);
      case UNKNOWN -> form().unknownPath(call);
    };
  }

  private synchronized Reply create(KlingEndpoint endpoint, String account, Call call) {
    try {
      Map<String, byte[]> media = KlingRules.check(endpoint, call);
      if (relay == Relay.COMET && endpoint == KlingEndpoint.CREATE_AVATAR) {
        KlingRules.checkPrompt(call);
      }
      lastId += ID_STEP;
      String klingId = Long.toString(lastId);
      String taskId = relay.tellsKlingId() ? klingId : publicId();
      var at = time.instant();
      var task =
          new KlingTask(taskId, klingId, endpoint, account, call.json(), media, call.headers(), at);
      Optional<String> externalId = task.externalTaskId();
      if (externalId.isPresent() && byExternalId(account, externalId.get()).isPresent()) {
        throw new Refused(KlingError.of(1201).saying("external_task_id is already in use"));
      }
      Map<String, String> digests = new TreeMap<>();
      media.forEach((field, bytes) -> digests.put("/" + field, Digests.sha256(bytes)));
      boolean room =
          tasks
              .accept(
                  taskId,
                  call.json(),
                  digests,
                  at.toEpochMilli(),
                  () -> plans.draw(call).orElseGet(TaskPlan::succeeds))
              .isPresent();
      if (!room) {
        throw new Refused(KlingError.of(1303));
      }
      accepted.put(taskId, task);
      return form().created(task);
    } catch (Refused e) {
      return form().refusal(e.error());
    }
  }

  private Reply query(KlingEndpoint endpoint, String account, Call call) {
    String id = endpoint.id(call).orElseThrow();
    Optional<KlingTask> task =
        find(account, id).filter(found -> anyPathFinds || found.endpoint() == endpoint.creator());
    Optional<FakeTask> fake = task.flatMap(found -> tasks.find(found.taskId()));
    Optional<Sight> sight = fake.flatMap(found -> found.asked(time.millis()));
    return sight.isEmpty()
        ? form().unknownTask()
        : form().found(task.orElseThrow(), fake.orElseThrow(), sight.get());
  }

  /** What a query would see now, without counting as one. */
  synchronized ObjectNode sight(String taskId) {
    FakeTask fake = tasks.get(taskId);
    return report.found(accepted.get(taskId), fake, fake.look(time.millis()));
  }

  private synchronized Optional<KlingTask> find(String account, String id) {
    Optional<KlingTask> byId =
        Optional.ofNullable(accepted.get(id)).filter(task -> task.account().equals(account));
    return byId.isPresent() || !relay.knowsExternalIds() ? byId : byExternalId(account, id);
  }

  private Optional<KlingTask> byExternalId(String account, String id) {
    return accepted.values().stream()
        .filter(task -> task.account().equals(account))
        .filter(task -> task.externalTaskId().equals(Optional.of(id)))
        .findFirst();
  }

  private Reply result(Call call) throws IOException {
    var name = ResultName.parse(call.path());
    var video =
        name.flatMap(of -> tasks.find(of.taskId()))
            .flatMap(task -> task.video(name.get().number(), time.millis()));
    return video.isEmpty()
        ? Reply.empty(404)
        : CallRequest.reply(
            StoredFile.of(new CallRequest(call), video.get(), "video/mp4", call.path()));
  }

  private static Reply costs() {
    ObjectNode data = Envelopes.object().put("code", 0).put("msg", "success");
    data.putArray("resource_pack_subscribe_infos")
        .addObject()
        .put("resource_pack_name", "Video generation - 1000 units")
        .put("total_quantity", 1000.0)
        .put("remaining_quantity", 941.5)
        .put("status", "online");
    return Reply.json(KlingReport.success(data));
  }

  private static String publicId() {
    return "task_" + UUID.randomUUID().toString().replace("-", "");
  }
}
