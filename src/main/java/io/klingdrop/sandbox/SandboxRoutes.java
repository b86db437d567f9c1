package io.klingdrop.sandbox;

import org.apache.camel.Exchange;
import org.apache.camel.Predicate;
import org.apache.camel.builder.RouteBuilder;

/** The sandbox provider as routes: which call goes where, and the workshop that makes videos. */
final class SandboxRoutes extends RouteBuilder {
  private final SandboxDesk desk;

  SandboxRoutes(SandboxDesk desk) {
    this.desk = desk;
  }

  @Override
  public void configure() {
    errorHandler(noErrorHandler());
    from("direct:sandbox-answer-call")
        .routeId("sandbox-answer-call")
        .description("Routes one HTTP call by its path; the body becomes the reply")
        .streamCache("false")
        .choice()
        .when(header("path").startsWith("/files/"))
        .bean(desk, "uploaded")
        .when(header("path").startsWith("/result/"))
        .bean(desk, "result(${header.path})")
        .when(withoutKey())
        .bean(desk, "noKey")
        .when(call("POST", "/api/file-stream-upload"))
        .bean(desk, "upload")
        .when(call("POST", "/api/v1/jobs/createTask"))
        .to("direct:sandbox-create-task")
        .when(call("GET", "/api/v1/jobs/recordInfo"))
        .bean(desk, "record")
        .when(call("GET", "/api/v1/chat/credit"))
        .bean(desk, "credit")
        .when(call("POST", "/api/v1/common/download-url"))
        .convertBodyTo(String.class)
        .bean(desk, "downloadUrl")
        .otherwise()
        .bean(desk, "notFound")
        .end();

    from("direct:sandbox-create-task")
        .routeId("sandbox-create-task")
        .description("Accepts or refuses one task and hands an accepted one to sandbox-make-video")
        .convertBodyTo(String.class)
        .bean(desk, "create")
        .choice()
        .when(body().isInstanceOf(SandboxDesk.Order.class))
        .to("seda:sandbox-make-video?waitForTaskToComplete=Never")
        .bean(desk, "accepted")
        .otherwise()
        .log(org.apache.camel.LoggingLevel.DEBUG, "the sandbox refuses a task")
        .end();

    from("seda:sandbox-make-video?concurrentConsumers=2")
        .routeId("sandbox-make-video")
        .description("Makes the video of one accepted task")
        .bean(desk, "render");
  }

  private static Predicate withoutKey() {
    return exchange -> {
      var authorization = exchange.getMessage().getHeader("key", "", String.class);
      return !authorization.matches("Bearer \\S+");
    };
  }

  private static Predicate call(String method, String path) {
    return (Exchange exchange) ->
        method.equals(exchange.getMessage().getHeader("method", String.class))
            && path.equals(exchange.getMessage().getHeader("path", String.class));
  }
}
