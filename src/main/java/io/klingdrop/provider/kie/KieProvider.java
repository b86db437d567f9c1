package io.klingdrop.provider.kie;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.provider.Call;
import io.klingdrop.provider.CreateAnswer;
import io.klingdrop.provider.ErrorTable;
import io.klingdrop.provider.Meaning;
import io.klingdrop.provider.Media;
import io.klingdrop.provider.Pace;
import io.klingdrop.provider.Provider;
import io.klingdrop.provider.ProviderException;
import io.klingdrop.provider.Refusal;
import io.klingdrop.provider.TaskReport;
import io.klingdrop.provider.Uploaded;
import io.klingdrop.settings.ProviderSettings;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.hc.client5.http.entity.mime.MultipartEntityBuilder;
import org.apache.hc.core5.http.ContentType;
import org.jspecify.annotations.Nullable;

/**
 * Message translator for kie.ai: our words to its wire and back. Thread-safe.
 *
 * <p>Facts: the provider's pages for createTask (three models, read 2025-12 to 2026-10),
 * docs.kie.ai/market/common/get-task-detail and /file-upload-api (2026-10).
 */
public final class KieProvider implements Provider {
  /** Uploaded files live three days (docs.kie.ai/file-upload-api, 2026-10); half of it is safe. */
  private static final Duration UPLOAD_LIFE = Duration.ofHours(36);

  /** After a refused recordInfo without Retry-After; clients report 2 to 12 s to work, 2026-09. */
  private static final Duration SLOW_DOWN = Duration.ofSeconds(2);

  /** What is shorter is no key of theirs, and would be found inside ordinary words. */
  private static final int SHORTEST_KEY = 8;

  private final Supplier<ProducerTemplate> wire;
  private final ProviderSettings settings;
  private final ErrorTable errors;
  private final ObjectMapper mapper;
  private final InstantSource clock;
  private final Pace pollPace;

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
      InstantSource clock) {
    this.wire = wire;
    this.settings = settings;
    this.errors = errors;
    this.mapper = mapper;
    this.clock = clock;
    this.pollPace = new Pace(settings.pollRate());
  }

  @Override
  public String name() {
    return settings.name();
  }

  @Override
  public Uploaded upload(Media media) throws ProviderException {
    var fileName = UUID.randomUUID().toString().replace("-", "") + media.extension();
    var body =
        MultipartEntityBuilder.create()
            .addBinaryBody(
                "file", media.file().toFile(), ContentType.create(media.mimeType()), fileName)
            .addTextBody("uploadPath", "klingdrop/" + UUID.randomUUID())
            .addTextBody("fileName", fileName)
            .build();
    var answer = send("kie-upload", body, Map.of(Exchange.CONTENT_TYPE, body.getContentType()));
    var url = answer.data().path("downloadUrl").asText(answer.data().path("fileUrl").asText(""));
    if (!answer.ok() || !url.matches("https?://.+")) {
      throw new ProviderException(refusal(Call.UPLOAD, answer));
    }
    return new Uploaded(url, clock.instant().plus(UPLOAD_LIFE));
  }

  @Override
  public CreateAnswer createTask(String model, ObjectNode input) {
    var request = JsonNodeFactory.instance.objectNode().put("model", model);
    request.set("input", input);
    var answer = send("kie-create-task", request, Map.of());
    var taskId = answer.data().path("taskId").asText("");
    if (!taskId.isBlank()) {
      return new CreateAnswer.Accepted(taskId);
    }
    if (answer.trouble() != null) {
      return answer.sent()
          ? new CreateAnswer.Lost("createTask brought no answer: " + safe(answer.trouble()))
          : new CreateAnswer.Refused(
              Refusal.of(Meaning.BUSY, "cannot be reached: " + safe(answer.trouble())));
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
  public TaskReport recordInfo(String taskId) {
    try {
      pollPace.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new TaskReport.NoWord("stopping");
    }
    var query = "taskId=" + URLEncoder.encode(taskId, StandardCharsets.UTF_8);
    var answer = send("kie-record-info", "", Map.of(Exchange.HTTP_QUERY, query));
    if (answer.ok()) {
      return answer.data().isObject()
          ? report(answer.data())
          : new TaskReport.NotKnown("the record is empty");
    }
    var refusal = refusal(Call.RECORD, answer);
    if (refusal.meaning() == Meaning.RATE) {
      pollPace.pause(refusal.retryAfter() == null ? SLOW_DOWN : refusal.retryAfter());
    }
    return switch (refusal.meaning()) {
      case KEY, RATE, MAINTENANCE, CAP, CREDIT, DISABLED -> new TaskReport.Closed(refusal);
      case UNKNOWN_TASK -> new TaskReport.NotKnown(refusal.said());
      case GENERATION, REJECTED, INVALID -> new TaskReport.Ended(refusal, null);
      case BUSY, NO_WORD, LOST -> new TaskReport.NoWord(refusal.said());
    };
  }

  private TaskReport report(JsonNode record) {
    var state = record.path("state").asText("");
    return switch (state.toLowerCase(Locale.ROOT)) {
      case "success" ->
          new TaskReport.Done(
              KieResults.urls(record.path("resultJson"), mapper),
              KieResults.credits(record),
              KieResults.took(record));
      case "fail" -> new TaskReport.Ended(ended(record), KieResults.credits(record));
      case "" -> new TaskReport.NoWord("the record names no state");
      default -> new TaskReport.Working(safe(state));
    };
  }

  private Refusal ended(JsonNode record) {
    var code = record.path("failCode").asText("");
    var message = record.path("failMsg").asText("");
    return new Refusal(
        errors.meaning(Call.TASK, code, message, 200),
        code.isEmpty() || code.equals("null") ? null : safe(code),
        safe(message.isEmpty() || message.equals("null") ? "the provider gave no reason" : message),
        200,
        null);
  }

  @Override
  public BigDecimal credit() throws ProviderException {
    var answer = send("kie-credit", "", Map.of());
    if (!answer.ok() || !answer.data().isValueNode()) {
      throw new ProviderException(refusal(Call.CREDIT, answer));
    }
    try {
      return new BigDecimal(answer.data().asText());
    } catch (NumberFormatException e) {
      throw new ProviderException(Refusal.of(Meaning.BUSY, "the credit call gave no number"));
    }
  }

  @Override
  public String downloadUrl(String url) throws ProviderException {
    var request = JsonNodeFactory.instance.objectNode().put("url", url);
    var answer = send("kie-download-url", request, Map.of());
    if (!answer.ok() || !answer.data().asText("").matches("https?://.+")) {
      throw new ProviderException(refusal(Call.CREDIT, answer));
    }
    return answer.data().asText();
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
    return KieAnswer.of(exchange, clock);
  }

  private Refusal refusal(Call call, KieAnswer answer) {
    var trouble = answer.trouble();
    if (trouble != null) {
      return Refusal.of(
          call == Call.RECORD ? Meaning.NO_WORD : Meaning.BUSY, "no answer: " + safe(trouble));
    }
    var code = answer.code();
    return new Refusal(
        errors.meaning(call, code, answer.message(), answer.httpStatus()),
        code == null ? null : safe(code),
        safe(answer.message()),
        answer.httpStatus(),
        answer.retryAfter());
  }

  /** A provider's text may repeat what was sent; the key must not come back with it. */
  private String safe(@Nullable String text) {
    var plain = text == null ? "" : text;
    return settings.apiKey().length() < SHORTEST_KEY
        ? plain
        : plain.replace(settings.apiKey(), "[key]");
  }

  @Override
  public String toString() {
    return "KieProvider[" + settings.name() + "]";
  }
}
