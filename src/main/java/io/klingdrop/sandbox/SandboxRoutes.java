package io.klingdrop.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.klingdrop.sandbox.Envelope.Refusal;
import io.klingdrop.sandbox.SandboxScript.Oddity;
import io.vertx.core.http.HttpServerRequest;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The provider's side of the conversation: one route for each endpoint of the kie.ai dialect, and
 * two for the files that addresses in it point to.
 */
final class SandboxRoutes extends RouteBuilder {

  private static final Logger LOG = LoggerFactory.getLogger(SandboxRoutes.class);
  private static final Duration HANG = Duration.ofSeconds(60);
  private static final String ODDITY = "KlingdropSandboxOddity";
  private static final String HTML_PAGE =
      "<!DOCTYPE html><html><head><title>Just a moment</title></head>"
          + "<body><h1>We will be right back</h1></body></html>";

  private final UploadShelf uploads;
  private final TaskDesk desk;
  private final InstantSource clock;
  private final URI base;
  private final CountDownLatch closing;

  SandboxRoutes(
      UploadShelf uploads, TaskDesk desk, InstantSource clock, URI base, CountDownLatch closing) {
    this.uploads = uploads;
    this.desk = desk;
    this.clock = clock;
    this.base = base;
    this.closing = closing;
  }

  @Override
  public void configure() {
    onException(Refusal.class)
        .handled(true)
        .process(e -> json(e, Envelope.refusal(caught(e))));
    onException(Exception.class)
        .handled(true)
        .log("${exception.stacktrace}")
        .process(
            e ->
                json(
                    e,
                    Envelope.refusal(
                        new Refusal(500, "Server exception, please try again later"))));

    uploadRoutes();
    taskRoutes();
    accountRoutes();
    fileRoutes();
  }

  private void uploadRoutes() {
    from(post("/api/file-stream-upload"))
        .routeId("sandbox-take-upload")
        .description("Takes a multipart upload in and answers its address")
        .onException(Refusal.class)
        .handled(true)
        .process(e -> json(e, Envelope.uploadRefused(caught(e))))
        .end()
        .process(SandboxRoutes::requireKey)
        .process(this::takeUpload);

    from(post("/api/file-base64-upload"))
        .routeId("sandbox-take-base64")
        .description("Takes a Base64 upload in and answers its address")
        .onException(Refusal.class)
        .handled(true)
        .process(e -> json(e, Envelope.uploadRefused(caught(e))))
        .end()
        .process(SandboxRoutes::requireKey)
        .process(this::takeBase64);
  }

  private void taskRoutes() {
    from(post("/api/v1/jobs/createTask"))
        .routeId("sandbox-create-task")
        .description("Accepts or refuses a task, then answers as the task's prompt asks")
        .process(SandboxRoutes::requireKey)
        .process(this::createTask)
        .choice()
        .when(exchangeProperty(ODDITY).isEqualTo(Oddity.HANG))
        .to("direct:sandbox-hang-up")
        .when(exchangeProperty(ODDITY).isEqualTo(Oddity.DROP))
        .to("direct:sandbox-drop-answer")
        .end();

    from("direct:sandbox-hang-up")
        .routeId("sandbox-hang-up")
        .description("Lets the caller wait for an answer that does not come, then hangs up")
        .process(this::hangUp);

    from("direct:sandbox-drop-answer")
        .routeId("sandbox-drop-answer")
        .description("Answers like a proxy whose server died: status 502, nothing else")
        .process(e -> answer(e, 502, "text/html", new byte[0]));

    from(get("/api/v1/jobs/recordInfo"))
        .routeId("sandbox-read-record")
        .description("Answers what has become of a task")
        .process(SandboxRoutes::requireKey)
        .process(this::readRecord);
  }

  private void accountRoutes() {
    from(get("/api/v1/chat/credit"))
        .routeId("sandbox-count-credits")
        .description("Answers how many credits are left")
        .process(SandboxRoutes::requireKey)
        .process(e -> json(e, Envelope.success(DoubleNode.valueOf(desk.credits()))));

    from(post("/api/v1/common/download-url"))
        .routeId("sandbox-renew-result")
        .description("Makes a result that expired available again")
        .process(SandboxRoutes::requireKey)
        .process(this::renewResult);
  }

  private void fileRoutes() {
    from(get(UploadShelf.PREFIX) + "&matchOnUriPrefix=true")
        .routeId("sandbox-send-upload")
        .description("Sends an uploaded file to whoever knows its address")
        .process(this::sendUpload);

    from(get(SandboxTask.RESULTS) + "&matchOnUriPrefix=true")
        .routeId("sandbox-send-result")
        .description("Sends a finished video to whoever knows its address")
        .process(this::sendResult);
  }

  private void takeUpload(Exchange exchange) throws IOException {
    var message = exchange.getMessage();
    if (!(message.getBody() instanceof File received)) {
      throw new Refusal(400, "Missing required parameter: file");
    }
    var answer =
        uploads.put(
            received.toPath(),
            message.getHeader("uploadPath", String.class),
            message.getHeader("fileName", String.class),
            message.getHeader(Exchange.FILE_NAME, String.class),
            base);
    json(exchange, Envelope.uploaded(answer));
  }

  private void takeBase64(Exchange exchange) throws IOException {
    var request = body(exchange, 400);
    var answer =
        uploads.putBase64(
            request.path("base64Data").asText(null),
            request.path("uploadPath").asText(null),
            request.path("fileName").asText(null),
            base);
    json(exchange, Envelope.uploaded(answer));
  }

  private void createTask(Exchange exchange) {
    var task = desk.create(body(exchange, 422));
    var data = Envelope.object().put("taskId", task.id()).put("recordId", task.id());
    json(exchange, Envelope.success(data));
    if (task.script().asksFor(Oddity.HANG)) {
      exchange.setProperty(ODDITY, Oddity.HANG);
    } else if (task.script().asksFor(Oddity.DROP)) {
      exchange.setProperty(ODDITY, Oddity.DROP);
    }
  }

  private void hangUp(Exchange exchange) throws InterruptedException {
    boolean closed = closing.await(HANG.toSeconds(), TimeUnit.SECONDS);
    LOG.debug("Hanging up{}", closed ? ", the sandbox closes" : "");
    request(exchange).connection().close();
  }

  private void readRecord(Exchange exchange) {
    var id = exchange.getMessage().getHeader("taskId", "", String.class);
    var task = desk.find(id);
    var html = task.htmlStatus();
    if (html.isPresent()) {
      answer(exchange, html.get(), "text/html", HTML_PAGE.getBytes(StandardCharsets.UTF_8));
    } else {
      json(exchange, Envelope.success(task.record(clock.millis(), base)));
    }
  }

  private void renewResult(Exchange exchange) {
    var url = body(exchange, 422).path("url").asText("");
    var task = desk.taskOfResult(url.substring(url.lastIndexOf('/') + 1));
    if (!url.startsWith(base + SandboxTask.RESULTS) || task.isEmpty()) {
      throw new Refusal(422, "url is wrong");
    }
    task.get().renew();
    json(exchange, Envelope.success(TextNode.valueOf(url)));
  }

  private void sendUpload(Exchange exchange) throws IOException {
    var file = uploads.find(path(exchange));
    if (file.isEmpty()) {
      answer(exchange, 404, "text/plain", new byte[0]);
      return;
    }
    FileAnswer.send(request(exchange), file.get(), MediaTypes.of(file.get().toString()));
  }

  private void sendResult(Exchange exchange) throws IOException {
    var task = desk.taskOfResult(path(exchange).substring(SandboxTask.RESULTS.length()));
    if (task.isEmpty()) {
      answer(exchange, 404, "text/plain", new byte[0]);
    } else if (!task.get().admits(clock.millis())) {
      answer(exchange, 403, "text/plain", new byte[0]);
    } else {
      Path video = desk.video(task.get());
      FileAnswer.send(request(exchange), video, MediaTypes.of(video.toString()));
    }
  }

  private static void requireKey(Exchange exchange) {
    var header = exchange.getMessage().getHeader("Authorization", "", String.class);
    if (!header.startsWith("Bearer ") || header.substring("Bearer ".length()).isBlank()) {
      throw new Refusal(401, Envelope.UNAUTHORIZED);
    }
  }

  private static JsonNode body(Exchange exchange, int codeIfUnreadable) {
    try {
      var bytes = exchange.getMessage().getBody(byte[].class);
      var json = bytes == null ? null : Envelope.JSON.readTree(bytes);
      if (json != null && json.isObject()) {
        return json;
      }
    } catch (IOException e) {
      LOG.debug("A request body is not JSON", e);
    }
    throw new Refusal(codeIfUnreadable, "The request body is not valid JSON");
  }

  private static String path(Exchange exchange) {
    return exchange.getMessage().getHeader(Exchange.HTTP_PATH, "", String.class);
  }

  private static HttpServerRequest request(Exchange exchange) {
    return exchange.getIn(HttpMessage.class).getRequest();
  }

  private static Refusal caught(Exchange exchange) {
    return exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Refusal.class);
  }

  private static void json(Exchange exchange, byte[] body) {
    answer(exchange, 200, "application/json;charset=UTF-8", body);
  }

  private static void answer(Exchange exchange, int status, String mediaType, byte[] body) {
    var message = exchange.getMessage();
    message.removeHeaders("*");
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
    message.setHeader(Exchange.CONTENT_TYPE, mediaType);
    message.setBody(body);
  }

  private static String post(String path) {
    return "platform-http:" + path + "?httpMethodRestrict=POST";
  }

  private static String get(String path) {
    return "platform-http:" + path + "?httpMethodRestrict=GET";
  }
}
