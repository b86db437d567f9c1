package io.klingdrop.testing;

import static io.klingdrop.testing.Endpoint.CREATE_TASK;
import static io.klingdrop.testing.Endpoint.CREDIT;
import static io.klingdrop.testing.Endpoint.RECORD_INFO;
import static io.klingdrop.testing.Endpoint.UPLOAD;
import static io.klingdrop.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The double as a bad provider: every way to answer wrongly, and every way not to answer. */
class FakeKieFaultsTest {

  private final FakeKie kie = FakeKie.start();
  private final TestClient client = new TestClient(kie);

  @AfterEach
  void close() {
    kie.close();
  }

  @Test
  void envelopesSayWhatTheyAreTold() throws IOException {
    kie.on(CREATE_TASK)
        .next(Answers.envelope(402, "Credits insufficient"))
        .next(Answers.envelopeWithMessage(455, "maintained"))
        .next(Answers.unauthorised(), Answers.tooFrequent());
    assertThat(client.createTask("a"))
        .hasToString("{\"code\":402,\"msg\":\"Credits insufficient\",\"data\":null}");
    assertThat(client.createTask("b")).hasToString("{\"code\":455,\"message\":\"maintained\"}");
    assertThat(client.createTask("c").path("code").asInt()).isEqualTo(401);
    assertThat(client.createTask("d").path("code").asInt()).isEqualTo(429);
    assertThat(client.createTask("e").path("code").asInt()).isEqualTo(200);
    assertThat(kie.accepted()).extracting(AcceptedTask::prompt).containsExactly("e");
    assertThat(kie.rejections429()).as("scripted ones do not count").isZero();
  }

  @Test
  void statusesComeWithAndWithoutBody() throws IOException {
    kie.on(CREDIT)
        .next(Answers.status(504), Answers.statusPage(502), Answers.retryAfter(429, "7"))
        .next(Answers.statusEnvelope(503, 455, "busy"), Answers.html());
    assertThat(client.rawCredit()).matches(r -> r.statusCode() == 504 && r.body().length == 0);
    HttpResponse<byte[]> page = client.rawCredit();
    assertThat(page.statusCode()).isEqualTo(502);
    assertThat(TestClient.text(page)).contains("<h1>Error 502</h1>");
    HttpResponse<byte[]> busy = client.rawCredit();
    assertThat(busy.statusCode()).isEqualTo(429);
    assertThat(busy.headers().firstValue("Retry-After")).hasValue("7");
    HttpResponse<byte[]> envelope = client.rawCredit();
    assertThat(envelope.statusCode()).isEqualTo(503);
    assertThat(TestClient.json(envelope).path("code").asInt()).isEqualTo(455);
    HttpResponse<byte[]> html = client.rawCredit();
    assertThat(html.statusCode()).isEqualTo(200);
    assertThat(html.headers().firstValue("Content-Type")).hasValue("text/html; charset=UTF-8");
  }

  @Test
  void jsonComesBrokenAndOfTheWrongKind() throws IOException {
    kie.on(CREDIT)
        .next(Answers.invalidJson(), Answers.truncatedJson())
        .next(Answers.dataIs("\"text\""), Answers.dataIs("[1]"), Answers.dataIs("null"));
    assertThatThrownBy(client::credit).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(client::credit).isInstanceOf(IllegalArgumentException.class);
    assertThat(client.credit().path("data").isTextual()).isTrue();
    assertThat(client.credit().path("data").isArray()).isTrue();
    assertThat(client.credit().path("data").isNull()).isTrue();
  }

  @Test
  void anHonestAnswerCanBeRewritten() throws IOException {
    kie.on(RECORD_INFO)
        .next(Answers.rewritten(envelope -> envelope.withObject("/data").put("failCode", 500)));
    JsonNode data = client.recordInfo(client.newTask()).path("data");
    assertThat(data.path("failCode").isInt()).isTrue();
    assertThat(data.path("state").asText()).isEqualTo("success");
  }

  @Test
  void answersComeZippedChunkedOrWithoutLength() throws IOException {
    kie.on(CREDIT).next(Answers.gzipped(), Faults.chunked(7), Faults.withoutLength());
    HttpResponse<byte[]> packed = client.rawCredit();
    assertThat(packed.headers().firstValue("Content-Encoding")).hasValue("gzip");
    InputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(packed.body()));
    assertThat(Envelopes.read(unpacked.readAllBytes()).orElseThrow().path("code").asInt())
        .isEqualTo(200);
    HttpResponse<byte[]> chunked = client.rawCredit();
    assertThat(chunked.headers().firstValue("Content-Length")).isEmpty();
    assertThat(TestClient.json(chunked).path("code").asInt()).isEqualTo(200);
    assertThat(client.credit().path("code").asInt()).isEqualTo(200);
  }

  @Test
  void aHugeAnswerIsStreamed() throws IOException {
    kie.on(CREDIT).next(Answers.hugeJson(20_000_000));
    assertThat(client.rawCredit().body()).hasSize(20_000_000);
  }

  @Test
  void nothingIsAcceptedWhenTheConnectionBreaksBefore() {
    kie.on(CREATE_TASK).next(Faults.resetBeforeRead(), Faults.closeUnanswered());
    kie.on(CREATE_TASK).next(Faults.gibberish());
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> client.createTask("x")).isInstanceOf(IOException.class);
    }
    assertThat(kie.accepted()).isEmpty();
    assertThat(kie.createCalls()).isEqualTo(3);
    assertThat(kie.on(CREATE_TASK).pending()).isZero();
  }

  @Test
  void everyTaskIsAcceptedWhenTheConnectionBreaksAfter() throws IOException {
    kie.on(CREATE_TASK).next(Faults.acceptThenReset(), Faults.acceptThenClose());
    kie.on(CREATE_TASK).next(Faults.acceptThenTruncate());
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> client.createTask("x")).isInstanceOf(IOException.class);
    }
    assertThat(kie.accepted()).hasSize(3);
    kie.on(CREATE_TASK).next(Faults.acceptThenStatus(502), Answers.html().afterAccepting());
    assertThatThrownBy(() -> client.createTask("x")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> client.createTask("x")).isInstanceOf(IllegalArgumentException.class);
    assertThat(kie.accepted()).hasSize(5);
  }

  @Test
  void aResetIsAResetAndAnEndIsAnEnd() throws IOException {
    kie.on(CREDIT).next(Faults.resetBeforeRead(), Faults.closeUnanswered());
    try (Socket socket = rawCredit()) {
      assertThatThrownBy(() -> socket.getInputStream().read()).hasMessageContaining("reset");
    }
    try (Socket socket = rawCredit()) {
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void aHangingCallTimesOutAtTheClient() {
    kie.on(CREATE_TASK).next(Faults.hang(), Faults.acceptThenHang());
    client.timeout(Duration.ofMillis(300));
    assertThatThrownBy(() -> client.createTask("x")).isInstanceOf(HttpTimeoutException.class);
    assertThat(kie.accepted()).isEmpty();
    assertThatThrownBy(() -> client.createTask("x")).isInstanceOf(HttpTimeoutException.class);
    await().untilAsserted(() -> assertThat(kie.accepted()).hasSize(1));
  }

  @Test
  void aShortHangEndsWithoutAnswer() {
    kie.on(CREATE_TASK).next(Faults.hang(Duration.ofMillis(50)));
    assertThatThrownBy(() -> client.createTask("x"))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(HttpTimeoutException.class);
  }

  @Test
  void anUploadCanJam() {
    kie.on(UPLOAD).next(Faults.hangBeforeRead());
    client.timeout(Duration.ofMillis(300));
    assertThatThrownBy(() -> client.upload("p", "f", new byte[30_000_000]))
        .isInstanceOf(HttpTimeoutException.class);
    assertThat(kie.uploads()).isEmpty();
  }

  @Test
  void anAnswerCanBeLate() throws IOException {
    kie.on(CREDIT).next(Answers.delay(Duration.ofMillis(200)));
    long before = System.nanoTime();
    assertThat(client.credit().path("code").asInt()).isEqualTo(200);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(190));
  }

  @Test
  void anAnswerCanBeHeldBackUntilReleased() throws Exception {
    var released = new CountDownLatch(1);
    kie.on(CREATE_TASK).next(Faults.heldBack(released));
    var call = new FutureTask<>(() -> client.createTask("x"));
    new Thread(call).start();
    await().untilAsserted(() -> assertThat(kie.accepted()).hasSize(1));
    assertThat(call.isDone()).isFalse();
    released.countDown();
    assertThat(call.get().path("code").asInt()).isEqualTo(200);
  }

  @Test
  void scriptsFollowTheRequestAndStick() throws IOException {
    kie.on(CREATE_TASK).when(Call.promptContains("bad")).always(Answers.envelope(422, "no"));
    kie.on(CREATE_TASK).when(Call.modelContains("wan/")).next(Answers.envelope(505, "off"));
    kie.on(CREATE_TASK).times(2, Answers.tooFrequent());
    assertThat(codes("bad", "good", "bad", "good", "good", "bad"))
        .containsExactly(422, 429, 422, 429, 200, 422);
    kie.on(CREATE_TASK).clear().always(Answers.envelope(433, "cap"));
    assertThat(codes("bad", "good")).containsExactly(433, 433);
  }

  @Test
  void onePollOfOneTaskCanFail() throws IOException {
    String first = client.newTask();
    String second = client.newTask();
    kie.on(RECORD_INFO).when(Call.forTask(second)).next(Answers.envelope(500, "oops"));
    assertThat(client.recordInfo(first).path("code").asInt()).isEqualTo(200);
    assertThat(client.recordInfo(second).path("code").asInt()).isEqualTo(500);
    assertThat(client.recordInfo(second).path("code").asInt()).isEqualTo(200);
  }

  @Test
  void whoHasTheWrongKeyUsesUpNoScript() throws IOException {
    kie.on(CREDIT).next(Answers.status(500));
    client.send(client.request(CREDIT, "").setHeader("Authorization", "Bearer wrong"));
    assertThat(kie.on(CREDIT).pending()).isEqualTo(1);
  }

  @Test
  void theProviderGoesDarkAndComesBackWithItsMemory() throws IOException {
    kie.holdTasks();
    String taskId = client.newTask();
    kie.goDark();
    assertThatThrownBy(client::credit).isInstanceOf(ConnectException.class);
    kie.comeBack();
    assertThat(client.recordInfo(taskId).at("/data/state").asText()).isEqualTo("waiting");
  }

  @Test
  void connectionsCanBeResetBeforeAnythingIsRead() throws IOException {
    kie.resetConnections(1);
    assertThatThrownBy(
            () -> {
              try (Socket socket = rawCredit()) {
                socket.getInputStream().read();
              }
            })
        .isInstanceOf(IOException.class);
    assertThat(kie.calls(CREDIT)).isZero();
    assertThat(client.credit().path("code").asInt()).isEqualTo(200);
  }

  @Test
  void nonsenseEndsTheConnectionAndNothingElse() throws IOException {
    for (String nonsense : List.of("hello\r\n\r\n", "GET / HTTP/1.1\r\nbad\r\n\r\n", "\0\0\r\n")) {
      try (Socket socket = raw(nonsense)) {
        assertThat(socket.getInputStream().read()).isEqualTo(-1);
      }
    }
    assertThat(client.credit().path("code").asInt()).isEqualTo(200);
  }

  @Test
  void anUploadCutInTheMiddleIsNotKept() throws IOException {
    String head = "POST %s HTTP/1.1\r\nAuthorization: Bearer %s\r\nContent-Length: 1000\r\n";
    String type = "Content-Type: multipart/form-data; boundary=b\r\n\r\n";
    String part = "--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nhalf";
    raw(head.formatted(UPLOAD.path(), kie.key()) + type + part).close();
    await().untilAsserted(() -> assertThat(kie.calls(UPLOAD)).isEqualTo(1));
    assertThat(client.credit().path("code").asInt()).isEqualTo(200);
    assertThat(kie.uploads()).isEmpty();
  }

  private List<Integer> codes(String... prompts) throws IOException {
    List<Integer> codes = new ArrayList<>();
    for (String prompt : prompts) {
      codes.add(client.createTask(prompt).path("code").asInt());
    }
    return codes;
  }

  private Socket rawCredit() throws IOException {
    return raw(
        "GET %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n"
            .formatted(CREDIT.path(), kie.key()));
  }

  private Socket raw(String bytes) throws IOException {
    var socket = new Socket("127.0.0.1", kie.url().getPort());
    socket.setSoTimeout(10_000);
    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    return socket;
  }
}
