package io.klingdrop.provider.kie;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.settings.ProviderSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.jackson.JacksonDataFormat;

/**
 * The calls of kie.ai as routes, one each: they add the key, send, and leave the parsed envelope as
 * the body, or null where the answer is not JSON. Judging the answer is {@link KieProvider}'s.
 *
 * <p>Paths: docs.kie.ai, read 2026-10; the upload paths live on a host of their own.
 */
public final class KieRoutes extends RouteBuilder {
  /** Names of the HTTP clients in the registry. */
  public static final String CREATE_CLIENT = "kieCreateClient";

  public static final String ASKING_CLIENT = "kieAskingClient";
  public static final String UPLOAD_CLIENT = "kieUploadClient";

  /** No envelope of the documents comes near this; a longer answer is not read further. */
  private static final int MOST_CHARACTERS = 1 << 20;

  private static final String QUIET =
      "?throwExceptionOnFailure=false&copyHeaders=false&disableStreamCache=true&httpClient=#";

  private final ProviderSettings settings;
  private final JacksonDataFormat json;

  /** Routes to the account of these settings. */
  public KieRoutes(ProviderSettings settings, ObjectMapper mapper) {
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
        .to(settings.uploadUrl() + "/api/file-stream-upload" + QUIET + UPLOAD_CLIENT)
        .to("direct:kie-read-envelope");
    from("direct:kie-read-envelope")
        .routeId("kie-read-envelope")
        .description("Reads at most 1 MiB of the answer and parses it, null if it is not JSON")
        .streamCache("false")
        .process(KieRoutes::readBounded)
        .doTry()
        .unmarshal(json)
        .doCatch(JsonProcessingException.class)
        .setBody(constant((Object) null))
        .end();
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
        .to(url + QUIET + client)
        .to("direct:kie-read-envelope");
  }

  private void get(String id, String description, String url) {
    from("direct:" + id)
        .routeId(id)
        .description(description)
        .streamCache("false")
        .setHeader(Exchange.HTTP_METHOD, constant("GET"))
        .setHeader("Authorization", this::bearer)
        .to(url + QUIET + ASKING_CLIENT)
        .to("direct:kie-read-envelope");
  }

  private String bearer() {
    return "Bearer " + settings.apiKey();
  }

  private static void readBounded(Exchange exchange) throws IOException {
    var message = exchange.getMessage();
    try (var in = message.getBody(InputStream.class)) {
      var bytes = in == null ? new byte[0] : in.readNBytes(MOST_CHARACTERS);
      message.setBody(new String(bytes, StandardCharsets.UTF_8));
    }
  }
}
