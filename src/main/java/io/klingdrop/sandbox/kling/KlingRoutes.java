package io.klingdrop.sandbox.kling;

import static java.util.function.Predicate.not;

import io.klingdrop.sandbox.task.Http;
import io.klingdrop.sandbox.task.TaskLife;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;

/**
 * The provider's side of the conversation in Kling's dialect, below a prefix of its own: one route
 * for each endpoint. The addresses of finished videos are the same as in the other dialect.
 */
public final class KlingRoutes extends RouteBuilder {

  /** What stands before every path of this dialect. */
  public static final String PREFIX = "/kling";

  private static final String AVATAR = PREFIX + "/v1/videos/avatar/image2video";
  private static final String VIDEO = PREFIX + "/v1/videos/image2video";

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
        .process(e -> Http.answer(e, KlingEnvelope.serverError()));

    from(Http.post(AVATAR))
        .routeId("sandbox-create-avatar")
        .description("Accepts or refuses a talking avatar, then answers as its prompt asks")
        .process(Http.serve(kling::door, request -> kling.create(request, true, "", lives)))
        .to("direct:sandbox-answer-oddly");

    from(Http.post(VIDEO))
        .routeId("sandbox-create-video")
        .description("Accepts or refuses a moving picture, then answers as its prompt asks")
        .process(Http.serve(kling::door, request -> kling.create(request, false, "", lives)))
        .to("direct:sandbox-answer-oddly");

    from(Http.get(AVATAR + "/{id}"))
        .routeId("sandbox-read-avatar")
        .description("Answers what has become of a talking avatar")
        .process(
            Http.serve(
                kling::door, request -> kling.query(request.query("id"), KlingDialect::isAvatar)));

    from(Http.get(VIDEO + "/{id}"))
        .routeId("sandbox-read-video")
        .description("Answers what has become of a moving picture")
        .process(
            Http.serve(
                kling::door,
                request -> kling.query(request.query("id"), not(KlingDialect::isAvatar))));

    from(Http.get(PREFIX + "/account/costs"))
        .routeId("sandbox-count-units")
        .description("Answers how many units are left")
        .process(Http.serve(kling::door, request -> kling.costs()));
  }
}
