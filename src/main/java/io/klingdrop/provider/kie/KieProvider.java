package io.klingdrop.provider.kie;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.klingdrop.provider.AnswerSanitizer;
import io.klingdrop.provider.Call;
import io.klingdrop.provider.Callback;
import io.klingdrop.provider.CallbackWord;
import io.klingdrop.provider.CheckedBytes;
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
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.hc.client5.http.entity.mime.InputStreamBody;
import org.apache.hc.client5.http.entity.mime.MultipartEntityBuilder;
import org.apache.hc.core5.http.ContentType;

/**
 * Message translator for kie.ai: our words to its wire and back. Thread-safe.
 *
 * <p>Facts: the provider's pages for createTask (three models, read 2025-12 to 2026-10),
 * docs.kie.ai/market/common/get-task-detail and /file-upload-api (2026-10).
 */
public final class KieProvider implements Provider {
  /** Uploaded files live three days (docs.kie.ai/file-upload-api, 2026-10); half of it is safe. */
  private static final Duration UPLOAD_LIFE = Duration.ofHours(36);

  private final Supplier<ProducerTemplate> wire;
  private final ProviderSettings settings;
  private final ErrorTable errors;
  private final ObjectMapper mapper;
  private final InstantSource clock;
  private final Queries queries;
  private final AnswerSanitizer told;

  /**
   * Speaks through the routes of {@link KieRoutes}.
   *
   * @param wire sends to the routes; asked for at each call, for Camel starts after this is made
   */
  public KieProvider(
      Supplier<ProducerTemplate> wire,
      ProviderSettings settings,
      ErrorTable errors,
      ObjectMapper mapper,
      Time clock) {
    this.wire = wire;
    this.settings = settings;
    this.errors = errors;
    this.mapper = mapper;
    this.clock = clock;
    this.queries = new Queries(settings, clock);
    this.told = new AnswerSanitizer(settings.keys());
  }

  @Override
  public String name() {
    return settings.name();
  }

  @Override
  public Optional<Uploaded> upload(Media media) throws ProviderException {
    try (var bytes = CheckedBytes.of(media)) {
      return Optional.of(upload(media, bytes));
    } catch (IOException e) {
      throw new ProviderException(Refusal.of(Meaning.BUSY, "cannot be read: " + e));
    }
  }

  private Uploaded upload(Media media, CheckedBytes bytes) throws ProviderException {
    var fileName = UUID.randomUUID().toString().replace("-", "") + media.extension();
    var type = ContentType.create(media.mimeType());
    var body =
        MultipartEntityBuilder.create()
            .addPart("file", new InputStreamBody(bytes, type, fileName, media.bytes()))
            .addTextBody("uploadPath", "klingdrop/" + UUID.randomUUID())
            .addTextBody("fileName", fileName)
            .build();
    var answer = send("kie-upload", body, Map.of(Exchange.CONTENT_TYPE, body.getContentType()));
    if (bytes.changed()) {
      throw new ProviderException(
          Refusal.of(Meaning.INVALID, "it changed since it was checked; nothing was created"));
    }
    var url = answer.data().path("downloadUrl").asText(answer.data().path("fileUrl").asText(""));
    var address = told.url(url).filter(url::equals);
    if (!answer.ok() || address.isEmpty()) {
      throw new ProviderException(refusal(Call.UPLOAD, answer));
    }
    return new Uploaded(address.get(), clock.instant().plus(UPLOAD_LIFE));
  }

  @Override
  public CreateAnswer createTask(TaskRequest task) {
    if (!task.embedded().isEmpty()) {
      return new CreateAnswer.Refused(
          Refusal.of(Meaning.BUSY, "an upload has expired; it is made again"));
    }
    var request = JsonNodeFactory.instance.objectNode().put("model", task.model());
    task.callback().ifPresent(address -> request.put("callBackUrl", address));
    request.set("input", task.input());
    var answer = send("kie-create-task", request, Map.of());
    var taskId = answer.data().path("taskId").asText("");
    if (!taskId.isBlank()) {
      return told.isId(taskId)
          ? new CreateAnswer.Accepted(taskId)
          : new CreateAnswer.Lost(
              "createTask gave a task id that cannot be one: " + told.words(taskId));
    }
    if (answer.http().trouble() != null) {
      return answer.http().sent()
          ? new CreateAnswer.Lost(
              "createTask brought no answer: "
                  + told.words(answer.http().trouble())
                  + "; a video may be in the making")
          : new CreateAnswer.Refused(
              Refusal.of(
                  Meaning.BUSY, "cannot be reached: " + told.words(answer.http().trouble())));
    }
    if ("200".equals(answer.code())) {
      return new CreateAnswer.Lost("createTask said 200 but gave no task id");
    }
    var refusal = refusal(Call.CREATE, answer);
    return refusal.meaning() == Meaning.LOST
        ? new CreateAnswer.Lost("createTask brought no clear answer: " + refusal.said())
        : new CreateAnswer.Refused(refusal);
  }

  @Override
  public TaskReport recordInfo(String model, String taskId) {
    return queries.ask(() -> record(taskId), new TaskReport.NoWord("stopping"));
  }

  private TaskReport record(String taskId) {
    var query = "taskId=" + URLEncoder.encode(taskId, StandardCharsets.UTF_8);
    var answer = send("kie-record-info", "", Map.of(Exchange.HTTP_QUERY, query));
    if (answer.ok()) {
      return answer.data().isObject()
          ? report(answer.data())
          : new TaskReport.NotKnown("the record is empty");
    }
    return queries.refused(refusal(Call.RECORD, answer));
  }

  @Override
  public Sighting find(String model, String externalId) {
    return new Sighting.NoWord("kie.ai takes no id of ours");
  }

  @Override
  public Sighting confirm(String model, String taskId, TaskClaim claim) {
    return queries.ask(() -> look(model, taskId, claim), new Sighting.NoWord("stopping"));
  }

  private Sighting look(String model, String taskId, TaskClaim claim) {
    if (!told.isId(taskId)) {
      return new Sighting.NotThere("this can be no task's id");
    }
    var query = "taskId=" + URLEncoder.encode(taskId, StandardCharsets.UTF_8);
    var answer = send("kie-record-info", "", Map.of(Exchange.HTTP_QUERY, query));
    if (answer.ok() && answer.data().isObject()) {
      return KieCallbacks.strange(answer.data(), model, claim, mapper)
          .<Sighting>map(Sighting.NotThere::new)
          .orElseGet(() -> new Sighting.Found(taskId));
    }
    return !answer.ok()
            && queries.refused(refusal(Call.RECORD, answer)) instanceof TaskReport.NotKnown unknown
        ? new Sighting.NotThere(unknown.said())
        : new Sighting.NoWord("recordInfo gave no record");
  }

  @Override
  public CallbackWord read(Callback callback) {
    return told.heard(
        KieCallbacks.read(callback, settings.keys().callbackKey(), clock.instant(), mapper));
  }

  private TaskReport report(JsonNode record) {
    var state = record.path("state").asText("");
    return switch (state.toLowerCase(Locale.ROOT)) {
      case "success" ->
          new TaskReport.Done(
              told.urls(KieResults.urls(record.path("resultJson"))),
              KieResults.credits(record),
              KieResults.took(record));
      case "fail" -> new TaskReport.Ended(ended(record), KieResults.credits(record));
      case "" -> new TaskReport.NoWord("the record names no state");
      default -> new TaskReport.Working(told.word(state));
    };
  }

  private Refusal ended(JsonNode record) {
    var code = record.path("failCode").asText("");
    var message = record.path("failMsg").asText("");
    return new Refusal(
        errors.meaning(Call.TASK, code, AnswerSanitizer.cut(message), 200),
        code.isEmpty() || code.equals("null") ? null : told.word(code),
        told.words(
            message.isEmpty() || message.equals("null") ? "the provider gave no reason" : message),
        200,
        null);
  }

  @Override
  public Optional<BigDecimal> credit() throws ProviderException {
    var answer = send("kie-credit", "", Map.of());
    if (!answer.ok() || !answer.data().isValueNode()) {
      throw new ProviderException(refusal(Call.CREDIT, answer));
    }
    var balance = AnswerSanitizer.balance(answer.data().asText());
    if (balance.isEmpty()) {
      throw new ProviderException(Refusal.of(Meaning.BUSY, "the credit call gave no number"));
    }
    return balance;
  }

  @Override
  public String downloadUrl(String url) throws ProviderException {
    var request = JsonNodeFactory.instance.objectNode().put("url", url);
    var answer = send("kie-download-url", request, Map.of());
    var fresh = told.url(answer.data().asText(""));
    if (!answer.ok() || fresh.isEmpty()) {
      throw new ProviderException(refusal(Call.CREDIT, answer));
    }
    return fresh.get();
  }

  private KieAnswer send(String route, Object body, Map<String, Object> headers) {
    var exchange =
        wire.get()
            .send(
                "direct:" + route,
                request -> {
                  request.getMessage().setBody(body);
                  request.getMessage().setHeaders(new HashMap<>(headers));
                });
    return KieAnswer.of(HttpAnswer.of(exchange, clock));
  }

  private Refusal refusal(Call call, KieAnswer answer) {
    var trouble = answer.http().trouble();
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
    return "KieProvider[" + settings.name() + "]";
  }
}
