package io.klingdrop.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The double calling its client. */
class FakeKieCallbacksTest {

  private record Received(Headers headers, JsonNode body) {}

  private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
  private final FakeKie kie = FakeKie.start();
  private final TestClient client = new TestClient(kie);
  private final HttpServer server;

  FakeKieCallbacksTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @BeforeEach
  void listen() {
    server.createContext("/", this::receive);
    server.start();
    kie.holdTasks();
  }

  @AfterEach
  void close() {
    server.stop(0);
    kie.close();
  }

  @Test
  void aFinishedTaskIsToldWithItsResult() throws Exception {
    String taskId = newTask();
    kie.finish(taskId);
    assertThat(kie.callBack(taskId)).isEqualTo(202);
    Received callback = received.take();
    assertThat(callback.headers()).doesNotContainKey("X-webhook-signature");
    assertThat(callback.body().path("code").asInt()).isEqualTo(200);
    JsonNode data = callback.body().path("data");
    assertThat(data.path("taskId").asText()).isEqualTo(taskId);
    assertThat(data.path("resultJson").asText()).contains("/result/" + taskId);
    assertThat(data.path("updateTime").isNumber()).isTrue();
    assertThat(kie.recordInfoCalls()).isZero();
  }

  @Test
  void aFailedTaskIsToldWithCode501() throws Exception {
    String taskId = newTask();
    kie.fail(taskId, "500", "Internal Error", 0);
    kie.callBack(taskId);
    JsonNode body = received.take().body();
    assertThat(body.path("code").asInt()).isEqualTo(501);
    assertThat(body.at("/data/state").asText()).isEqualTo("fail");
    assertThat(body.at("/data/failMsg").asText()).isEqualTo("Internal Error");
    assertThat(body.path("data").has("resultJson")).isFalse();
  }

  @Test
  void aCallbackIsSignedOnRequest() throws Exception {
    kie.signCallbacks("secret");
    String taskId = newTask();
    kie.callBack(taskId);
    Headers headers = received.take().headers();
    String timestamp = headers.getFirst("X-Webhook-Timestamp");
    assertThat(timestamp).matches("[0-9]{10}");
    assertThat(headers.getFirst("X-Webhook-Signature"))
        .isEqualTo(Callbacks.signature("secret", taskId + "." + timestamp));
  }

  @Test
  void aSignatureIsTheOneOfTheStandard() {
    // RFC 4231, test case 2, in Base64
    assertThat(Callbacks.signature("Jefe", "what do ya want for nothing?"))
        .isEqualTo("W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=");
  }

  @Test
  void whoNamedNoAddressIsNotCalled() throws IOException {
    String taskId = client.newTask();
    assertThatThrownBy(() -> kie.callBack(taskId)).isInstanceOf(NoSuchElementException.class);
  }

  private String newTask() throws IOException {
    String url = "http://127.0.0.1:%d/callback".formatted(server.getAddress().getPort());
    return client
        .createTask(TestClient.avatar("hello").put("callBackUrl", url))
        .at("/data/taskId")
        .asText();
  }

  private void receive(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      received.add(new Received(exchange.getRequestHeaders(), Envelopes.read(body).orElseThrow()));
      exchange.sendResponseHeaders(202, -1);
    }
  }
}
