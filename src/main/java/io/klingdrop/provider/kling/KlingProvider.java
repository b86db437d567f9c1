package io.klingdrop.provider.kling;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.provider.AnswerSanitizer;
import io.klingdrop.provider.Call;
import io.klingdrop.provider.Callback;
import io.klingdrop.provider.CallbackWord;
import io.klingdrop.provider.CreateAnswer;
import io.klingdrop.provider.ErrorTable;
import io.klingdrop.provider.HttpAnswer;
import io.klingdrop.provider.Meaning;
import io.klingdrop.provider.Media;
import io.klingdrop.provider.Provider;
import io.klingdrop.provider.ProviderException;
import io.klingdrop.provider.Queries;
import io.klingdrop.provider.Refusal;
import io.klingdrop.provider.Sighting;
import io.klingdrop.provider.TaskClaim;
import io.klingdrop.provider.TaskReport;
import io.klingdrop.provider.TaskRequest;
import io.klingdrop.provider.Uploaded;
import io.klingdrop.settings.ProviderSettings;
import io.klingdrop.time.Time;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.hc.core5.http.HttpEntity;
import org.jspecify.annotations.Nullable;

/**
 * Message translator for Kling's protocol: our words to its wire and back. One instance is one
 * account, at Kling itself or at a server that speaks like it; in what they differ stands in their
 * settings and in the catalogue. Thread-safe.
 *
 * <p>Facts: CometAPI's and a relay's page of the avatar call, Kling's avatar, error and
 * authentication pages, public sources of new-api, 2025-12 to 2026-10.
 */
public final class KlingProvider implements Provider {
  /** The path of the avatar call: its list is the free question that tests a key. */
  private static final String AVATAR = "/v1/videos/avatar/image2video";

  private final Supplier<ProducerTemplate> wire;
  private final ProviderSettings settings;
  private final Function<String, Map<String, String>> models;
  private final ErrorTable errors;
  private final ObjectMapper mapper;
  private final InstantSource clock;
  private final Queries queries;
  private final AnswerSanitizer told;
  private final KlingTokens tokens;
  private final QueryPaths paths;
  private final ObjectNode extraBody;

  /**
   * Speaks through the routes of {@link KlingRoutes}.
   *
   * @param wire sends to the routes; asked for at each call, for Camel starts after this is made
   * @param models the catalogue's {@code wire} section of a model: {@code create} is the path it is
   *     created at, {@code optionals} the fields that may be sent empty
   */
  public KlingProvider(
      Supplier<ProducerTemplate> wire,
      ProviderSettings settings,
      Function<String, Map<String, String>> models,
      ErrorTable errors,
      ObjectMapper mapper,
      Time clock) {
    this.wire = wire;
    this.settings = settings;
    this.models = models;
    this.errors = errors;
    this.mapper = mapper;
    this.clock = clock;
    this.queries = new Queries(settings, clock);
    this.told = new AnswerSanitizer(settings.keys());
    this.tokens = new KlingTokens(settings.keys(), clock);
    this.paths = new QueryPaths(settings.quirks().queryPaths());
    this.extraBody = object(settings.quirks().extraBody());
  }

  private ObjectNode object(String json) {
    try {
      return !json.isEmpty() && mapper.readTree(json) instanceof ObjectNode object
          ? object
          : JsonNodeFactory.instance.objectNode();
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a JSON object: " + json, e);
    }
  }

  @Override
  public String name() {
    return settings.name();
  }

  /** Nothing: media without an address of their own travel inside the request. */
  @Override
  public Optional<Uploaded> upload(Media media) {
    return Optional.empty();
  }

  @Override
  public CreateAnswer createTask(TaskRequest task) {
    var path = models.apply(task.model()).getOrDefault("create", AVATAR);
    KlingRequest request;
    try {
      request = new KlingRequest(body(task), task.embedded(), mapper);
    } catch (IOException e) {
      return new CreateAnswer.Refused(
          Refusal.of(Meaning.BUSY, "nothing was sent, the media cannot be read: " + e));
    }
    try (request) {
      return created(create(path, request.entity()));
    }
  }

  private CreateAnswer created(KlingAnswer answer) {
    var taskId = answer.taskId();
    if (!taskId.isEmpty()) {
      return told.isId(taskId)
          ? new CreateAnswer.Accepted(taskId)
          : new CreateAnswer.Lost(
              "createTask gave a task id that cannot be one: " + told.words(taskId));
    }
    var trouble = answer.http().trouble();
    if (trouble != null) {
      return answer.http().sent()
          ? new CreateAnswer.Lost(
              "createTask brought no answer: "
                  + told.words(trouble)
                  + "; a video may be in the making")
          : new CreateAnswer.Refused(
              Refusal.of(Meaning.BUSY, "cannot be reached: " + told.words(trouble)));
    }
    if (answer.ok()) {
      return new CreateAnswer.Lost("createTask said success but gave no task id");
    }
    var refusal = refusal(Call.CREATE, answer);
    return refusal.meaning() == Meaning.LOST
        ? new CreateAnswer.Lost("createTask brought no clear answer: " + refusal.said())
        : new CreateAnswer.Refused(refusal);
  }

  private KlingAnswer create(String path, HttpEntity request) {
    var headers = Map.<String, Object>of(Exchange.HTTP_PATH, path);
    var answer = send(KlingRoutes.createTask(name()), request, headers);
    // the token was refused, so nothing was created: the one call that may be made again here
    return stale(answer) && tokens.renew()
        ? send(KlingRoutes.createTask(name()), request, headers)
        : answer;
  }

  private ObjectNode body(TaskRequest task) {
    var body = task.input().deepCopy();
    if (settings.quirks().sendEmptyOptionals()) {
      for (var field : models.apply(task.model()).getOrDefault("optionals", "").split(" +", -1)) {
        if (!field.isEmpty() && !body.has(field) && !task.embedded().containsKey(field)) {
          body.put(field, "");
        }
      }
    }
    body.put("external_task_id", task.externalId());
    task.callback().ifPresent(address -> body.put("callback_url", address));
    body.setAll(extraBody);
    return body;
  }

  @Override
  public TaskReport recordInfo(String model, String taskId) {
    return queries.ask(() -> record(model, taskId), new TaskReport.NoWord("stopping"));
  }

  private TaskReport record(String model, String taskId) {
    var answer = query(model, taskId);
    return answer.ok() ? report(answer) : queries.refused(refusal(Call.RECORD, answer));
  }

  private TaskReport report(KlingAnswer answer) {
    var task = new KlingTask(answer.data());
    if (task.done()) {
      return new TaskReport.Done(told.urls(task.urls()), task.units(), task.took());
    }
    if (task.failed()) {
      var code = task.reasonCode();
      var reason = task.reason().isEmpty() ? "the provider gave no reason" : task.reason();
      var meaning = errors.meaning(Call.TASK, code, AnswerSanitizer.cut(reason), 200);
      return new TaskReport.Ended(
          new Refusal(
              meaning, code.isEmpty() ? null : told.word(code), told.words(reason), 200, null),
          task.units());
    }
    return task.word().isEmpty()
        ? new TaskReport.NoWord("the answer names no state")
        : new TaskReport.Working(told.word(task.word()));
  }

  @Override
  public Sighting find(String model, String externalId) {
    return queries.ask(() -> look(model, externalId), new Sighting.NoWord("stopping"));
  }

  private Sighting look(String model, String externalId) {
    var answer = query(model, externalId);
    if (answer.ok()) {
      var task = new KlingTask(answer.data());
      var other = !task.externalId().isEmpty() && !task.externalId().equals(externalId);
      return !told.isId(answer.taskId()) || other
          ? new Sighting.NoWord("the answer is about no task, or about another")
          : new Sighting.Found(answer.taskId());
    }
    var report = queries.refused(refusal(Call.RECORD, answer));
    return report instanceof TaskReport.NotKnown unknown
        ? new Sighting.NotThere(unknown.said())
        : new Sighting.NoWord(told.words(answer.message()));
  }

  @Override
  public Sighting confirm(String model, String taskId, TaskClaim claim) {
    return queries.ask(() -> look(model, taskId, claim), new Sighting.NoWord("stopping"));
  }

  private Sighting look(String model, String taskId, TaskClaim claim) {
    var answer = query(model, taskId);
    if (answer.ok() && told.isId(answer.taskId())) {
      var external = new KlingTask(answer.data()).externalId();
      return external.isEmpty() || external.equals(claim.externalId())
          ? new Sighting.Found(answer.taskId())
          : new Sighting.NotThere("the task carries another id of ours");
    }
    return !answer.ok()
            && queries.refused(refusal(Call.RECORD, answer)) instanceof TaskReport.NotKnown unknown
        ? new Sighting.NotThere(unknown.said())
        : new Sighting.NoWord(told.words(answer.message()));
  }

  @Override
  public CallbackWord read(Callback callback) {
    return told.heard(
        KlingCallbacks.read(callback, settings.keys().callbackKey(), clock.instant(), mapper));
  }

  private KlingAnswer query(String model, String id) {
    var create = models.apply(model).getOrDefault("create", AVATAR);
    var safeId = URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
    return paths.query(
        create,
        safeId,
        path -> ask(Map.of(Exchange.HTTP_PATH, path)),
        answer -> refusal(Call.RECORD, answer).meaning() == Meaning.ADDRESS);
  }

  private KlingAnswer ask(Map<String, Object> headers) {
    var answer = send(KlingRoutes.queryTask(name()), "", headers);
    return stale(answer) && tokens.renew()
        ? send(KlingRoutes.queryTask(name()), "", headers)
        : answer;
  }

  /** 1003: not valid yet, 1004: expired (Kling's common information page, 2026). */
  private static boolean stale(KlingAnswer answer) {
    return "1003".equals(answer.code()) || "1004".equals(answer.code());
  }

  @Override
  public Optional<BigDecimal> credit() throws ProviderException {
    var answer =
        ask(Map.of(Exchange.HTTP_PATH, AVATAR, Exchange.HTTP_QUERY, "pageNum=1&pageSize=1"));
    if (!answer.ok()) {
      throw new ProviderException(refusal(Call.CREDIT, answer));
    }
    return Optional.empty();
  }

  @Override
  public String downloadUrl(String url) throws ProviderException {
    throw new ProviderException(
        Refusal.of(Meaning.NO_WORD, name() + " renews no address; its record is read again"));
  }

  private KlingAnswer send(String route, Object body, Map<String, Object> headers) {
    var exchange =
        wire.get()
            .send(
                route,
                request -> {
                  request.getMessage().setBody(body);
                  request.getMessage().setHeaders(new HashMap<>(headers));
                  request.getMessage().setHeader("Authorization", tokens.authorization());
                });
    return KlingAnswer.of(HttpAnswer.of(exchange, clock), name(), mapper);
  }

  private Refusal refusal(Call call, KlingAnswer answer) {
    @Nullable String trouble = answer.http().trouble();
    if (trouble != null) {
      return Refusal.of(
          call == Call.RECORD ? Meaning.NO_WORD : Meaning.BUSY,
          "no answer: " + told.words(trouble));
    }
    var code = answer.code();
    return new Refusal(
        errors.meaning(call, code, answer.message(), answer.http().status()),
        code == null ? null : told.word(code),
        told.words(answer.message()),
        answer.http().status(),
        answer.http().retryAfter());
  }

  @Override
  public String toString() {
    return "KlingProvider[" + name() + "]";
  }
}
