package io.klingdrop.sandbox.kie;

import io.klingdrop.sandbox.task.Envelope;
import io.klingdrop.sandbox.task.Http;
import io.klingdrop.sandbox.task.ResultName;
import io.klingdrop.sandbox.task.SandboxAnswer;
import io.klingdrop.sandbox.task.TaskDesk;
import io.klingdrop.sandbox.task.TaskLife;
import io.klingdrop.sandbox.task.UploadShelf;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The provider's side of the conversation: one route for each endpoint of the kie.ai dialect, and
 * two for the files that addresses in it point to.
 */
public final class SandboxRoutes extends RouteBuilder {
  private static final int HANG_SECONDS = 60;

  private final KieDialect kie;
  private final KieUploads uploads;
  private final TaskDesk desk;
  private final TaskLife.Source lives;
  private final CountDownLatch closing;

  /** Requests that are held end early when {@code closing} is counted down. */
  public SandboxRoutes(
      KieDialect kie,
      KieUploads uploads,
      TaskDesk desk,
      TaskLife.Source lives,
      CountDownLatch closing) {
    this.kie = kie;
    this.uploads = uploads;
    this.desk = desk;
    this.lives = lives;
    this.closing = closing;
  }

  @Override
  public void configure() {
    onException(Exception.class)
        .handled(true)
        .log(LoggingLevel.ERROR, "${exception.stacktrace}")
        .process(e -> Http.answer(e, Envelope.serverException()));

    uploadRoutes();
    taskRoutes();
    accountRoutes();
    fileRoutes();
  }

  private void uploadRoutes() {
    from(Http.post("/api/file-stream-upload"))
        .routeId("sandbox-take-upload")
        .description("Takes a multipart upload in and answers its address")
        .process(e -> Http.serve(kie::uploadDoor, request -> taken(e)).process(e));

    from(Http.post("/api/file-base64-upload"))
        .routeId("sandbox-take-base64")
        .description("Takes a Base64 upload in and answers its address")
        .process(Http.serve(kie::uploadDoor, uploads::takeBase64));
  }

  private void taskRoutes() {
    from(Http.post("/api/v1/jobs/createTask"))
        .routeId("sandbox-create-task")
        .description("Accepts or refuses a task, then answers as the task's prompt asks")
        .process(Http.serve(kie::jsonDoor, request -> kie.createTask(request, lives)))
        .to("direct:sandbox-answer-oddly");

    from("direct:sandbox-answer-oddly")
        .routeId("sandbox-answer-oddly")
        .description("Lets the caller wait for an answer that does not come, then hangs up")
        .filter(exchangeProperty(Http.NEVER))
        .process(this::hangUp);

    from(Http.get("/api/v1/jobs/recordInfo"))
        .routeId("sandbox-read-record")
        .description("Answers what has become of a task")
        .process(Http.serve(kie::door, kie::recordInfo));
  }

  private void accountRoutes() {
    from(Http.get("/api/v1/chat/credit"))
        .routeId("sandbox-count-credits")
        .description("Answers how many credits are left")
        .process(Http.serve(kie::door, request -> kie.credit()));

    from(Http.post("/api/v1/common/download-url"))
        .routeId("sandbox-renew-result")
        .description("Makes a result that expired available again")
        .process(Http.serve(kie::jsonDoor, kie::downloadUrl));
  }

  private void fileRoutes() {
    from(Http.get(UploadShelf.PREFIX) + "&matchOnUriPrefix=true")
        .routeId("sandbox-send-upload")
        .description("Sends an uploaded file to whoever knows its address")
        .process(Http.serve(uploads::send));

    from(Http.get(ResultName.PREFIX) + "&matchOnUriPrefix=true")
        .routeId("sandbox-send-result")
        .description("Sends a finished video to whoever knows its address")
        .process(Http.serve(desk::result));
  }

  private SandboxAnswer taken(Exchange exchange) throws IOException {
    var message = exchange.getMessage();
    @Nullable Path file = message.getBody() instanceof File received ? received.toPath() : null;
    return uploads.take(
        file,
        message.getHeader("uploadPath", String.class),
        message.getHeader("fileName", String.class),
        message.getHeader(Exchange.FILE_NAME, String.class));
  }

  private void hangUp(Exchange exchange) throws InterruptedException, IOException {
    boolean closed = closing.await(HANG_SECONDS, TimeUnit.SECONDS);
    log.debug("Hanging up{}", closed ? ", the sandbox closes" : "");
    Http.request(exchange).connection().close();
  }
}
