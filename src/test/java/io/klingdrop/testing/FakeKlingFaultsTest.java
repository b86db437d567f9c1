package io.klingdrop.testing;

import static io.klingdrop.testing.KlingEndpoint.CREATE_AVATAR;
import static io.klingdrop.testing.KlingEndpoint.QUERY_AVATAR;
import static io.klingdrop.testing.KlingEndpoint.RESULT;
import static io.klingdrop.testing.KlingTestClient.AVATAR;
import static io.klingdrop.testing.KlingTestClient.avatar;
import static io.klingdrop.testing.KlingTestClient.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The Kling double when it misbehaves, and the relays it can hide behind. */
class FakeKlingFaultsTest {

  private final FakeKling kling = FakeKling.start("/kling");
  private final KlingTestClient client = new KlingTestClient(kling);

  @AfterEach
  void close() {
    kling.close();
  }

  @ParameterizedTest
  @CsvSource({"1102,429", "1103,403", "1301,400", "1303,429", "5000,500", "5001,503", "5002,504"})
  void anErrorOfTheTableComesWithItsStatusAsOftenAsAsked(int code, int status) throws IOException {
    kling.on(CREATE_AVATAR).times(2, kling.error(code));
    for (int i = 0; i < 2; i++) {
      HttpResponse<byte[]> response = client.post(AVATAR, avatar("x"));
      assertThat(response.statusCode()).isEqualTo(status);
      assertThat(json(response).path("code").asInt()).isEqualTo(code);
    }
    assertThat(client.create(avatar("x")).path("code").asInt(-1)).isZero();
    assertThat(kling.accepted()).hasSize(1);
  }

  @Test
  void aTaskIsPaidForThoughItsAnswerNeverComes() throws IOException {
    client.timeout(Duration.ofMillis(300));
    kling
        .on(CREATE_AVATAR)
        .next(Faults.acceptThenClose(), Faults.acceptThenReset(), Faults.acceptThenHang());
    for (String id : new String[] {"closed", "reset", "hung"}) {
      assertThatThrownBy(() -> client.create(avatar(id))).isInstanceOf(IOException.class);
      assertThat(client.timeout(Patience.LONG).state(id)).isEqualTo("succeed");
      client.timeout(Duration.ofMillis(300));
    }
    client.timeout(Patience.LONG);
    kling.on(CREATE_AVATAR).next(Faults.acceptThenStatus(502), Faults.acceptThenTruncate());
    assertThat(client.post(AVATAR, avatar("bare")).statusCode()).isEqualTo(502);
    assertThatThrownBy(() -> client.create(avatar("cut"))).isInstanceOf(IOException.class);
    assertThat(kling.accepted()).hasSize(5);
  }

  @Test
  void aRequestThatWasNotReadCostsNothing() throws IOException {
    kling.on(CREATE_AVATAR).next(Faults.resetBeforeRead());
    assertThatThrownBy(() -> client.create(avatar("x"))).isInstanceOf(IOException.class);
    kling.on(CREATE_AVATAR).next(Answers.status(502), Answers.html(), Answers.movedTo("/login"));
    assertThat(client.post(AVATAR, avatar("x")).statusCode()).isEqualTo(502);
    assertThat(client.post(AVATAR, avatar("x")).headers().firstValue("Content-Type").orElse(""))
        .contains("html");
    HttpResponse<byte[]> moved = client.post(AVATAR, avatar("x"));
    assertThat(moved.statusCode()).isEqualTo(301);
    assertThat(moved.headers().firstValue("Location")).hasValue("/login");
    assertThat(kling.accepted()).isEmpty();
    assertThat(kling.createCalls()).isEqualTo(4);
  }

  @Test
  void scriptsFollowTheEndpointTheIdAndThePrompt() throws IOException {
    String first = client.newTask();
    String second = client.newTask();
    kling.on(QUERY_AVATAR).when(FakeKling.forId(second)).next(kling.error(5000));
    assertThat(client.state(first)).isEqualTo("succeed");
    assertThat(client.query(second).path("code").asInt()).isEqualTo(5000);
    kling.on(CREATE_AVATAR).when(Call.promptContains("bad")).always(kling.error(1301));
    assertThat(client.create(avatar("").put("prompt", "bad")).path("code").asInt()).isEqualTo(1301);
    kling.on(RESULT).when(FakeKling.forId(first)).next(Answers.statusPage(403));
    String url = client.query(first).at("/data/task_result/videos/0/url").asText();
    assertThat(client.fetch(url).statusCode()).isEqualTo(403);
    assertThat(client.fetch(url).statusCode()).isEqualTo(200);
  }

  @Test
  void itGoesDarkAndComesBackWithItsMemory() throws IOException {
    String taskId = client.newTask();
    kling.goDark();
    assertThatThrownBy(() -> client.query(taskId)).isInstanceOf(IOException.class);
    kling.comeBack();
    assertThat(client.state(taskId)).isEqualTo("succeed");
  }

  @Test
  void cometWrapsErrorsAndNothingElse() throws IOException {
    kling.relay(Relay.COMET);
    kling.on(CREATE_AVATAR).next(kling.error(1303), FakeKling.cometError(500, "no", "broken"));

    HttpResponse<byte[]> full = client.post(AVATAR, avatar("x"));
    assertThat(full.statusCode()).isEqualTo(429);
    assertThat(json(full).at("/error/type").asText()).isEqualTo("comet_api_error");
    assertThat(json(full).at("/error/code").asText()).isEqualTo("1303");
    assertThat(json(full).at("/error/message").asText())
        .startsWith("parallel task over resource pack limit (request id: ");
    assertThat(client.create(avatar("x")).at("/error/code").asText()).isEqualTo("broken");
    String taskId = client.create(avatar("x")).at("/data/task_id").asText();
    assertThat(client.state(taskId)).isEqualTo("succeed");
    assertThat(client.get("/v1/nowhere").statusCode()).isEqualTo(301);
    assertThat(kling.strayCalls()).containsExactly("/kling/v1/nowhere");
  }

  @Test
  void cometRefusesAnAvatarWithoutPrompt() throws IOException {
    kling.relay(Relay.COMET);
    var request = avatar("x");
    request.remove("prompt");
    assertThat(client.create(request).at("/error/message").asText()).contains("prompt is required");
  }

  @Test
  void newApiAnswersInItsOwnFormAndKeepsKlingsWithin() throws IOException {
    kling.relay(Relay.NEW_API);
    kling.plan().always(TaskPlan.succeeds().states("submitted", "processing", "succeed"));

    JsonNode created = client.create(avatar("mine"));
    String taskId = created.path("id").asText();
    assertThat(taskId).matches("task_\\w{32}");
    assertThat(created.path("object").asText()).isEqualTo("video");
    assertThat(created.path("status").asText("?")).isEmpty();

    assertThat(client.query(taskId).at("/data/status").asText()).isEqualTo("SUBMITTED");
    JsonNode running = client.query(taskId);
    assertThat(running.path("code").asText()).isEqualTo("success");
    assertThat(running.at("/data/status").asText()).isEqualTo("IN_PROGRESS");
    assertThat(running.at("/data/progress").asText()).isEqualTo("30%");
    JsonNode done = client.query(taskId).path("data");
    assertThat(done.path("status").asText()).isEqualTo("SUCCESS");
    assertThat(done.at("/data/data/task_status").asText()).isEqualTo("succeed");
    assertThat(done.at("/data/data/task_id").asText()).matches("\\d{18}");
    assertThat(client.fetch(done.path("result_url").asText()).body())
        .isEqualTo(kling.resultBytes(taskId, 1));

    HttpResponse<byte[]> unknown = client.get(AVATAR + "/mine");
    assertThat(unknown.statusCode()).isEqualTo(400);
    assertThat(json(unknown).path("code").asText()).isEqualTo("task_not_exist");
  }

  @Test
  void olderNewApiTellsTheAddressAsFailReason() throws IOException {
    kling.relay(Relay.OLD_NEW_API);
    String taskId = client.create(avatar("x")).path("id").asText();
    JsonNode done = client.query(taskId).path("data");
    assertThat(taskId).matches("\\d{18}");
    assertThat(done.path("status").asText()).isEqualTo("SUCCESS");
    assertThat(done.path("fail_reason").asText()).endsWith(".mp4");
    assertThat(done.has("result_url")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"SIMPLE,/data,succeeded", "BARE,'',completed"})
  void theShortFormsTellStateAddressAndError(Relay relay, String at, String done)
      throws IOException {
    kling.relay(relay);
    kling.plan().next(TaskPlan.succeeds(), TaskPlan.fails(null, "Image pixel is invalid"));
    JsonNode good = client.query(client.create(avatar("")).path("id").asText()).at(at);
    JsonNode bad = client.query(client.create(avatar("")).path("id").asText()).at(at);
    assertThat(good.path("status").asText()).isEqualTo(done);
    assertThat(good.path("url").asText()).endsWith(".mp4");
    assertThat(good.path("error").isNull()).isTrue();
    assertThat(bad.path("status").asText()).isEqualTo("failed");
    assertThat(bad.at("/error/message").asText()).isEqualTo("Image pixel is invalid");
  }

  @ParameterizedTest
  @EnumSource(names = {"NEW_API", "OLD_NEW_API", "SIMPLE", "BARE"})
  void newApiPassesKlingsErrorsOnAsTextButHidesWhyOf429(Relay relay) throws IOException {
    kling.relay(relay);
    kling.on(CREATE_AVATAR).next(kling.error(1301), kling.error(1303));
    kling.on(CREATE_AVATAR).next(FakeKling.newApiError(500, "task_failed", 1102));

    HttpResponse<byte[]> content = client.post(AVATAR, avatar("x"));
    assertThat(content.statusCode()).isEqualTo(400);
    assertThat(json(content).path("code").asText()).isEqualTo("fail_to_fetch_task");
    JsonNode nested = Envelopes.parse(json(content).path("message").asText());
    assertThat(nested.path("code").asInt()).isEqualTo(1301);
    HttpResponse<byte[]> full = client.post(AVATAR, avatar("x"));
    assertThat(full.statusCode()).isEqualTo(429);
    assertThat(json(full).path("message").asText()).isEqualTo(RelayForm.SATURATED);
    assertThat(client.create(avatar("x")).path("message").asText()).contains("1102");
    client.authorization("Bearer wrong");
    assertThat(client.create(avatar("x")).at("/error/type").asText()).isEqualTo("new_api_error");
  }
}
