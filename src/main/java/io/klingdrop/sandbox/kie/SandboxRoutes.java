package io.klingdrop.sandbox.kie;

import io.klingdrop.sandbox.task.Envelope;
import io.klingdrop.sandbox.task.Envelope.Refusal;
import io.klingdrop.sandbox.task.Http;
import io.klingdrop.sandbox.task.SandboxScript.Oddity;
import io.klingdrop.sandbox.task.SandboxTask;
import io.klingdrop.sandbox.task.UploadShelf;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;

/**
 * The provider's side of the conversation: one route for each endpoint of the kie.ai dialect, and
 * two for the files that addresses in it point to.
 */
public final class SandboxRoutes extends RouteBuilder {

  private final UploadEndpoints uploads;
  private final TaskEndpoints tasks;

  public SandboxRoutes(UploadEndpoints uploads, TaskEndpoints tasks) {
    this.uploads = uploads;
    this.tasks = tasks;
  }

  @Override
  public void configure() {
    onException(Refusal.class)
        .handled(true)
        .process(e -> Http.json(e, Envelope.refusal(Http.caught(e))));
    onException(Exception.class)
        .handled(true)
        .log(LoggingLevel.ERROR, "${exception.stacktrace}")
        .process(e -> Http.json(e, Envelope.serverException()));

    uploadRoutes();
    taskRoutes();
    accountRoutes();
    fileRoutes();
  }

  private void uploadRoutes() {
    from(Http.post("/api/file-stream-upload"))
        .routeId("sandbox-take-upload")
        .description("Takes a multipart upload in and answers its address")
        .onException(Refusal.class)
        .handled(true)
        .process(e -> Http.json(e, Envelope.uploadRefused(Http.caught(e))))
        .end()
        .process(Http::requireKey)
        .process(uploads::takeUpload);

    from(Http.post("/api/file-base64-upload"))
        .routeId("sandbox-take-base64")
        .description("Takes a Base64 upload in and answers its address")
        .onException(Refusal.class)
        .handled(true)
        .process(e -> Http.json(e, Envelope.uploadRefused(Http.caught(e))))
        .end()
        .process(Http::requireKey)
        .process(uploads::takeBase64);
  }

  private void taskRoutes() {
    from(Http.post("/api/v1/jobs/createTask"))
        .routeId("sandbox-create-task")
        .description("Accepts or refuses a task, then answers as the task's prompt asks")
        .process(Http::requireKey)
        .process(tasks::createTask)
        .to("direct:sandbox-answer-oddly");

    from("direct:sandbox-answer-oddly")
        .routeId("sandbox-answer-oddly")
        .description("Spoils the answer to a new task as the task's prompt asks, if it asks at all")
        .choice()
        .when(exchangeProperty(Http.ODDITY).isEqualTo(Oddity.HANG))
        .to("direct:sandbox-hang-up")
        .when(exchangeProperty(Http.ODDITY).isEqualTo(Oddity.DROP))
        .to("direct:sandbox-drop-answer")
        .end();

    from("direct:sandbox-hang-up")
        .routeId("sandbox-hang-up")
        .description("Lets the caller wait for an answer that does not come, then hangs up")
        .process(tasks::hangUp);

    from("direct:sandbox-drop-answer")
        .routeId("sandbox-drop-answer")
        .description("Answers like a proxy whose server died: status 502, nothing else")
        .process(e -> Http.answer(e, 502, "text/html", new byte[0]));

    from(Http.get("/api/v1/jobs/recordInfo"))
        .routeId("sandbox-read-record")
        .description("Answers what has become of a task")
        .process(Http::requireKey)
        .process(tasks::readRecord);
  }

  private void accountRoutes() {
    from(Http.get("/api/v1/chat/credit"))
        .routeId("sandbox-count-credits")
        .description("Answers how many credits are left")
        .process(Http::requireKey)
        .process(tasks::countCredits);

    from(Http.post("/api/v1/common/download-url"))
        .routeId("sandbox-renew-result")
        .description("Makes a result that expired available again")
        .process(Http::requireKey)
        .process(tasks::renewResult);
  }

  private void fileRoutes() {
    from(Http.get(UploadShelf.PREFIX) + "&matchOnUriPrefix=true")
        .routeId("sandbox-send-upload")
        .description("Sends an uploaded file to whoever knows its address")
        .process(uploads::sendUpload);

    from(Http.get(SandboxTask.RESULTS) + "&matchOnUriPrefix=true")
        .routeId("sandbox-send-result")
        .description("Sends a finished video to whoever knows its address")
        .process(tasks::sendResult);
  }
}
