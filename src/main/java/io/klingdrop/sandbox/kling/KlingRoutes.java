package io.klingdrop.sandbox.kling;

import io.klingdrop.sandbox.task.Http;
import io.klingdrop.sandbox.task.SandboxTask;
import io.klingdrop.sandbox.task.TaskLife;
import java.util.function.Predicate;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;

/**
 * The provider's side of the conversation in Kling's dialect, below a prefix of its own: one route
 * for each endpoint. The addresses of finished videos are the same as in the other dialect.
 */
public final class KlingRoutes extends RouteBuilder {
  /** What stands before every path of this dialect. */
  public static final String PREFIX = "/kling";

  private final KlingDialect kling;
  private final TaskLife.Source lives;

  public KlingRoutes(KlingDialect kling, TaskLife.Source lives) {
    this.kling = kling;
    this.lives = lives;
  }

  @Override
  public void configure() {
    onException(Exception.class)
        .handled(true)
        .log(LoggingLevel.ERROR, "${exception.stacktrace}")
        .process(e -> Http.answer(e, KlingEnvelope.refusal(KlingError.of(5000))));

    taskRoutes("/v1/videos/avatar/image2video", true, "avatar", "a talking avatar");
    taskRoutes("/v1/videos/image2video", false, "video", "a moving picture");

    from(Http.get(PREFIX + "/account/costs"))
        .routeId("sandbox-count-units")
        .description("Answers how many units are left")
        .process(Http.serve(kling::door, request -> kling.costs()));
  }

  private void taskRoutes(String path, boolean avatar, String name, String words) {
    Predicate<SandboxTask> mine = task -> KlingRequest.isAvatar(task.request()) == avatar;

    from(Http.post(PREFIX + path))
        .routeId("sandbox-create-" + name)
        .description("Accepts or refuses " + words + ", then answers as its prompt asks")
        .process(Http.serve(kling::door, request -> kling.create(request, avatar, "", lives)))
        .to("direct:sandbox-answer-oddly");

    from(Http.get(PREFIX + path + "/{id}"))
        .routeId("sandbox-read-" + name)
        .description("Answers what has become of " + words)
        .process(Http.serve(kling::door, request -> kling.query(request.query("id"), mine)));
  }
}
