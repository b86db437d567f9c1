package io.klingdrop.provider.kie;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.provider.AnswerRoutes;
import io.klingdrop.settings.ProviderSettings;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.jackson.JacksonDataFormat;
import org.apache.camel.model.RouteDefinition;

/**
 * The calls of kie.ai as routes, one each: they add the key, send, and leave the parsed envelope as
 * the body, or null where the answer is not JSON. Judging the answer is {@link KieProvider}'s.
 *
 * <p>Paths: docs.kie.ai, read 2026-10; the upload paths live on a host of their own.
 */
public final class KieCalls extends RouteBuilder {
  /** Names of the HTTP clients in the registry. */
  public static final String CREATE_CLIENT = "kieCreateClient";

  public static final String ASKING_CLIENT = "kieAskingClient";
  public static final String UPLOAD_CLIENT = "kieUploadClient";

  private final ProviderSettings settings;
  private final JacksonDataFormat json;

  public KieCalls(ProviderSettings settings, ObjectMapper mapper) {
    this.settings = settings;
    this.json = new JacksonDataFormat(mapper, JsonNode.class);
  }

  @Override
  public void configure() {
    // what breaks on the wire is an answer too: it stays on the exchange for the caller to judge
    errorHandler(noErrorHandler());
    var base = settings.baseUrl() + "/api/v1/";
    send(
        json(
            call("kie-create-task", "Sends one createTask, once; the body is the request as JSON")),
        "POST",
        base + "jobs/createTask",
        CREATE_CLIENT);
    send(
        call("kie-record-info", "Asks for the record of one task; CamelHttpQuery names it"),
        "GET",
        base + "jobs/recordInfo",
        ASKING_CLIENT);
    send(
        call("kie-credit", "Asks for the credits left"),
        "GET",
        base + "chat/credit",
        ASKING_CLIENT);
    send(
        json(call("kie-download-url", "Asks for a fresh address of a result")),
        "POST",
        base + "common/download-url",
        ASKING_CLIENT);
    send(
        call("kie-upload", "Streams one file of a multipart body to the upload host"),
        "POST",
        settings.uploadUrl() + "/api/file-stream-upload",
        UPLOAD_CLIENT);
  }

  private RouteDefinition call(String id, String description) {
    return from("direct:" + id).routeId(id).description(description).streamCache("false");
  }

  private RouteDefinition json(RouteDefinition call) {
    return call.marshal(json).setHeader(Exchange.CONTENT_TYPE, constant("application/json"));
  }

  private void send(RouteDefinition call, String verb, String url, String client) {
    call.setHeader(Exchange.HTTP_METHOD, constant(verb))
        .setHeader("Authorization", () -> "Bearer " + settings.apiKey())
        .to(url + AnswerRoutes.QUIET + client)
        .to(AnswerRoutes.READ_ANSWER);
  }
}
