package io.klingdrop.provider.kie;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.klingdrop.provider.AnswerSanitizer;
import io.klingdrop.provider.Call;
import io.klingdrop.provider.Callback;
import io.klingdrop.provider.CallbackWord;
import io.klingdrop.provider.CheckedBytes;
import io.klingdrop.provider.CreateAnswer;
import io.klingdrop.provider.ErrorTable;
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
import java.time.Duration;
import java.time.InstantSource;
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

  private final RouteCalls calls;
  private final ProviderSettings settings;
  private final InstantSource clock;
  private final AnswerSanitizer told;
  private final Verdicts verdicts;

  /** Speaks through the routes of {@link KieCalls}. */
  public KieProvider(
      Supplier<ProducerTemplate> wire, ProviderSettings settings, ErrorTable errors, Time clock) {
    this.calls = new RouteCalls(wire, clock);
    this.settings = settings;
    this.clock = clock;
    this.told = new AnswerSanitizer(settings.keys());
    this.verdicts = new Verdicts(settings, errors, told, clock);
  }

  @Override
  public String name() {
    return settings.name();
  }

  @Override
  public Optional<Uploaded> upload(Media media) throws ProviderException {
    try (var bytes = new CheckedBytes(media)) {
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
      throw new ProviderException(verdicts.refusal(Call.UPLOAD, answer));
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
    return verdicts.created(send("kie-create-task", request, Map.of()));
  }

  @Override
  public TaskReport recordInfo(String model, String taskId) {
    return verdicts.report(() -> record(taskId), this::report);
  }

  private KieAnswer record(String taskId) {
    var query = "taskId=" + URLEncoder.encode(taskId, StandardCharsets.UTF_8);
    return send("kie-record-info", "", Map.of(Exchange.HTTP_QUERY, query));
  }

  @Override
  public Sighting find(String model, String externalId) {
    return new Sighting.NoWord("kie.ai takes no id of ours");
  }

  @Override
  public Sighting confirm(String model, String taskId, TaskEvidence evidence) {
    if (!told.isId(taskId)) {
      return new Sighting.NotThere("this can be no task's id");
    }
    return verdicts.sighting(
        () -> record(taskId),
        answer -> {
          if (!answer.data().isObject()) {
            return new Sighting.NoWord("recordInfo gave no record");
          }
          var strange = KieCallbacks.strange(answer.data(), model, evidence);
          return strange.isEmpty()
              ? new Sighting.Found(taskId)
              : new Sighting.NotThere(strange.get());
        });
  }

  @Override
  public CallbackWord read(Callback callback) {
    return told.heard(KieCallbacks.read(callback, settings.keys().callbackKey(), clock.instant()));
  }

  private TaskReport report(KieAnswer answer) {
    var record = answer.data();
    if (!record.isObject()) {
      return new TaskReport.NotKnown("the record is empty");
    }
    var state = record.path("state").asText("");
    return switch (state.toLowerCase(Locale.ROOT)) {
      case "success" ->
          new TaskReport.Done(
              told.urls(KieAnswer.urls(record.path("resultJson"))),
              KieAnswer.credits(record),
              KieAnswer.took(record));
      case "fail" ->
          verdicts.ended(
              text(record.path("failCode")),
              text(record.path("failMsg")),
              KieAnswer.credits(record));
      case "" -> new TaskReport.NoWord("the record names no state");
      default -> new TaskReport.Working(told.word(state));
    };
  }

  /** A text, also empty where the provider writes null as a word. */
  private static String text(JsonNode node) {
    var text = node.asText("");
    return text.equals("null") ? "" : text;
  }

  @Override
  public Optional<BigDecimal> credit() throws ProviderException {
    var answer = send("kie-credit", "", Map.of());
    if (!answer.ok() || !answer.data().isValueNode()) {
      throw new ProviderException(verdicts.refusal(Call.CREDIT, answer));
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
      throw new ProviderException(verdicts.refusal(Call.CREDIT, answer));
    }
    return fresh.get();
  }

  private KieAnswer send(String route, Object body, Map<String, Object> headers) {
    return KieAnswer.of(calls.send("direct:" + route, body, headers));
  }
}
