package io.klingdrop.provider.kie;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.provider.AnswerRoutes;
import io.klingdrop.settings.ProviderSettings;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.jackson.JacksonDataFormat;

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
    post(
        "kie-create-task",
        "Sends one createTask, once; the body is the request as JSON",
        settings.baseUrl() + "/api/v1/jobs/createTask",
        CREATE_CLIENT);
    get(
        "kie-record-info",
        "Asks for the record of one task; CamelHttpQuery names it",
        settings.baseUrl() + "/api/v1/jobs/recordInfo");
    get("kie-credit", "Asks for the credits left", settings.baseUrl() + "/api/v1/chat/credit");
    post(
        "kie-download-url",
        "Asks for a fresh address of a result",
        settings.baseUrl() + "/api/v1/common/download-url",
        ASKING_CLIENT);
    from("direct:kie-upload")
        .routeId("kie-upload")
        .description("Streams one file of a multipart body to the upload host")
        .streamCache("false")
        .setHeader(Exchange.HTTP_METHOD, constant("POST"))
        .setHeader("Authorization", this::bearer)
        .to(settings.uploadUrl() + "/api/file-stream-upload" + AnswerRoutes.QUIET + UPLOAD_CLIENT)
        .to(AnswerRoutes.READ_ANSWER);
  }

  private void post(String id, String description, String url, String client) {
    from("direct:" + id)
        .routeId(id)
        .description(description)
        .streamCache("false")
        .marshal(json)
        .setHeader(Exchange.HTTP_METHOD, constant("POST"))
        .setHeader(Exchange.CONTENT_TYPE, constant("application/json"))
        .setHeader("Authorization", this::bearer)
        .to(url + AnswerRoutes.QUIET + client)
        .to(AnswerRoutes.READ_ANSWER);
  }

  private void get(String id, String description, String url) {
    from("direct:" + id)
        .routeId(id)
        .description(description)
        .streamCache("false")
        .setHeader(Exchange.HTTP_METHOD, constant("GET"))
        .setHeader("Authorization", this::bearer)
        .to(url + AnswerRoutes.QUIET + ASKING_CLIENT)
        .to(AnswerRoutes.READ_ANSWER);
  }

  private String bearer() {
    return "Bearer " + settings.apiKey();
  }
}
