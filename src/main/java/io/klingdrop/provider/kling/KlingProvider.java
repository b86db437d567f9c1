package io.klingdrop.provider.kling;

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
import io.klingdrop.provider.Refusal;
import io.klingdrop.provider.RouteCalls;
import io.klingdrop.provider.Sighting;
import io.klingdrop.provider.TaskEvidence;
import io.klingdrop.provider.TaskReport;
import io.klingdrop.provider.TaskRequest;
import io.klingdrop.provider.Uploaded;
import io.klingdrop.provider.Verdicts;
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

  private static final Sighting ABOUT_ANOTHER =
      new Sighting.NoWord("the answer is about no task, or about another");

  private final RouteCalls calls;
  private final ProviderSettings settings;
  private final Function<String, Map<String, String>> models;
  private final ObjectMapper mapper;
  private final InstantSource clock;
  private final AnswerSanitizer told;
  private final Verdicts verdicts;
  private final KlingTokens tokens;
  private final QueryPaths paths;
  private final ObjectNode extraBody;

  /**
   * Speaks through the routes of {@link KlingCalls}.
   *
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
    this.calls = new RouteCalls(wire, clock);
    this.settings = settings;
    this.models = models;
    this.mapper = mapper;
    this.clock = clock;
    this.told = new AnswerSanitizer(settings.keys());
    this.verdicts = new Verdicts(settings, errors, told, clock);
    this.tokens = new KlingTokens(settings.keys(), clock);
    this.paths = new QueryPaths(settings.quirks().queryPaths());
    this.extraBody =
        HttpAnswer.json(settings.quirks().extraBody()) instanceof ObjectNode object
            ? object
            : JsonNodeFactory.instance.objectNode();
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
    KlingCreateBody request;
    try {
      request = new KlingCreateBody(body(task), task.embedded(), mapper);
    } catch (IOException e) {
      return new CreateAnswer.Refused(
          Refusal.of(Meaning.BUSY, "nothing was sent, the media cannot be read: " + e));
    }
    try (request) {
      var headers = Map.<String, Object>of(Exchange.HTTP_PATH, path(task.model()));
      var created = send(KlingCalls.createTask(name()), request.entity(), headers, true);
      return verdicts.created(created);
    }
  }

  /** Where tasks of that model are created. */
  private String path(String model) {
    return models.apply(model).getOrDefault("create", AVATAR);
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
    return verdicts.report(() -> query(model, taskId), this::report);
  }

  private TaskReport report(KlingAnswer answer) {
    var task = new KlingTask(answer.data());
    if (task.done()) {
      return new TaskReport.Done(told.urls(task.urls()), task.units(), task.took());
    }
    if (task.failed()) {
      return verdicts.ended(task.reasonCode(), task.reason(), task.units());
    }
    return task.word().isEmpty()
        ? new TaskReport.NoWord("the answer names no state")
        : new TaskReport.Working(told.word(task.word()));
  }

  @Override
  public Sighting find(String model, String externalId) {
    return verdicts.sighting(
        () -> query(model, externalId), answer -> seen(answer, externalId, ABOUT_ANOTHER));
  }

  @Override
  public Sighting confirm(String model, String taskId, TaskEvidence evidence) {
    var another = new Sighting.NotThere("the task carries another id of ours");
    return verdicts.sighting(
        () -> query(model, taskId), answer -> seen(answer, evidence.externalId(), another));
  }

  private Sighting seen(KlingAnswer answer, String externalId, Sighting another) {
    if (!told.isId(answer.taskId())) {
      return ABOUT_ANOTHER;
    }
    var theirs = new KlingTask(answer.data()).externalId();
    return theirs.isEmpty() || theirs.equals(externalId)
        ? new Sighting.Found(answer.taskId())
        : another;
  }

  @Override
  public CallbackWord read(Callback callback) {
    return told.heard(
        KlingCallbacks.read(callback, settings.keys().callbackKey(), clock.instant()));
  }

  private KlingAnswer query(String model, String id) {
    var safeId = URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
    return paths.query(
        path(model),
        safeId,
        path -> ask(Map.of(Exchange.HTTP_PATH, path)),
        answer -> verdicts.refusal(Call.RECORD, answer).meaning() == Meaning.ADDRESS);
  }

  private KlingAnswer ask(Map<String, Object> headers) {
    return send(KlingCalls.queryTask(name()), "", headers, false);
  }

  @Override
  public Optional<BigDecimal> credit() throws ProviderException {
    var answer =
        ask(Map.of(Exchange.HTTP_PATH, AVATAR, Exchange.HTTP_QUERY, "pageNum=1&pageSize=1"));
    if (!answer.ok()) {
      throw new ProviderException(verdicts.refusal(Call.CREDIT, answer));
    }
    return Optional.empty();
  }

  @Override
  public String downloadUrl(String url) throws ProviderException {
    throw new ProviderException(
        Refusal.of(Meaning.NO_WORD, name() + " renews no address; its record is read again"));
  }

  /**
   * Makes a call, and once more with a fresh token where the token was refused; no other call is
   * made again here.
   *
   * @param creates whether the call is paid for: then a refusal that names a task is not believed
   */
  private KlingAnswer send(
      String route, Object body, Map<String, Object> headers, boolean creates) {
    var answer = sendOnce(route, body, headers);
    // 1003: not valid yet, 1004: expired (Kling's common information page, 2026)
    var stale = "1003".equals(answer.code()) || "1004".equals(answer.code());
    var nothingDone = !creates || answer.taskId().isEmpty();
    return stale && nothingDone && tokens.renew() ? sendOnce(route, body, headers) : answer;
  }

  private KlingAnswer sendOnce(String route, Object body, Map<String, Object> headers) {
    var signed = new HashMap<>(headers);
    signed.put("Authorization", tokens.authorization());
    return KlingAnswer.of(calls.send(route, body, signed), name());
  }
}
