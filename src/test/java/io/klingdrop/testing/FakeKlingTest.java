package io.klingdrop.testing;

import static io.klingdrop.testing.KlingEndpoint.CREATE_AVATAR;
import static io.klingdrop.testing.KlingEndpoint.QUERY_AVATAR;
import static io.klingdrop.testing.KlingTestClient.AVATAR;
import static io.klingdrop.testing.KlingTestClient.FACE;
import static io.klingdrop.testing.KlingTestClient.IMAGE;
import static io.klingdrop.testing.KlingTestClient.VOICE;
import static io.klingdrop.testing.KlingTestClient.avatar;
import static io.klingdrop.testing.KlingTestClient.base64;
import static io.klingdrop.testing.KlingTestClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Kling double when all goes well, and how strict it is. */
class FakeKlingTest {

  private final FakeKling kling = FakeKling.start("/kling");
  private final KlingTestClient client = new KlingTestClient(kling);

  @AfterEach
  void close() {
    kling.close();
  }

  @Test
  void anAvatarLivesFromRequestToVideo() throws IOException {
    JsonNode created = client.create(avatar("mine-1"));

    assertThat(created.path("code").asInt(-1)).isZero();
    assertThat(created.path("message").asText()).isEqualTo("SUCCEED");
    assertThat(created.path("request_id").asText()).hasSize(36);
    String taskId = created.at("/data/task_id").asText();
    assertThat(taskId).matches("\\d{18}");
    assertThat(created.at("/data/task_status").asText()).isEqualTo("submitted");
    assertThat(created.at("/data/task_info/external_task_id").asText()).isEqualTo("mine-1");
    assertThat(created.at("/data/created_at").asLong()).isGreaterThan(1_700_000_000_000L);

    JsonNode data = client.query(taskId).path("data");
    assertThat(data.path("task_status").asText()).isEqualTo("succeed");
    assertThat(data.path("final_unit_deduction").asText()).isEqualTo("100");
    assertThat(data.at("/task_result/videos/0/duration").asText()).isEqualTo("3.000");
    String url = data.at("/task_result/videos/0/url").asText();
    assertThat(client.fetch(url).body()).isEqualTo(kling.resultBytes(taskId, 1));

    KlingTask task = kling.accepted().get(0);
    assertThat(task.media().get("image")).isEqualTo(FACE);
    assertThat(task.media().get("sound_file")).isEqualTo(VOICE);
    assertThat(task.prompt()).isEqualTo("wave");
    assertThat(task.externalTaskId()).hasValue("mine-1");
    assertThat(task.headers()).containsEntry("content-type", "application/json");
    assertThat(task.account()).isEqualTo(kling.key());
    assertThat(kling.authorizationSeenOnDownloads()).isZero();
  }

  @Test
  void theClientsOwnIdFindsTheTaskToo() throws IOException {
    String taskId = client.create(avatar("mine")).at("/data/task_id").asText();

    assertThat(client.query("mine").at("/data/task_id").asText()).isEqualTo(taskId);
    assertThat(kling.queries("mine")).isEqualTo(1);
    assertThat(kling.queries(taskId)).isZero();
    assertThat(kling.calls(QUERY_AVATAR)).isEqualTo(1);
  }

  @Test
  void theClientsOwnIdIsUniqueWithinAnAccountOnly() throws IOException {
    kling.addKey("other");
    client.create(avatar("mine"));

    HttpResponse<byte[]> again = client.post(AVATAR, avatar("mine"));

    assertThat(again.statusCode()).isEqualTo(400);
    assertThat(json(again).path("code").asInt()).isEqualTo(1201);
    assertThat(json(again).has("data")).isFalse();
    var other = new KlingTestClient(kling).authorization("Bearer other");
    assertThat(other.create(avatar("mine")).path("code").asInt(-1)).isZero();
    assertThat(kling.accepted()).hasSize(2);
    assertThat(kling.accepted("other")).hasSize(1);
    assertThat(kling.calls(CREATE_AVATAR, "other")).isEqualTo(1);
    assertThat(kling.calls(CREATE_AVATAR, kling.key())).isEqualTo(2);
  }

  @Test
  void anotherAccountsTaskIsUnknown() throws IOException {
    kling.addKey("other");
    String taskId = client.create(avatar("mine")).at("/data/task_id").asText();
    client.authorization("Bearer other");

    assertThat(client.query(taskId).path("code").asInt()).isEqualTo(1203);
    assertThat(client.query("mine").path("code").asInt()).isEqualTo(1203);
  }

  @ParameterizedTest
  @CsvSource({
    "image,''",
    "image,'  '",
    "image,'data:image/png;base64,iVBORw=='",
    "image,'iVBO\nRw=='",
    "image,iVBORw",
    "image,UklGRg==",
    "sound_file,''",
    "sound_file,iVBORw==",
    "audio_id,825455158141661278",
    "mode,fast",
    "mode,STD"
  })
  void whatTheDocumentsForbidIsRefused(String field, String value) throws IOException {
    HttpResponse<byte[]> response = client.post(AVATAR, avatar("").put(field, value));

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(json(response).path("code").asInt()).isEqualTo(1201);
    assertThat(kling.accepted()).isEmpty();
  }

  @Test
  void aPromptMayHave2500Characters() throws IOException {
    assertThat(client.create(avatar("").put("prompt", "x".repeat(2501))).path("code").asInt())
        .isEqualTo(1201);
    assertThat(client.create(avatar("").put("prompt", "x".repeat(2500))).path("code").asInt())
        .isZero();
  }

  @Test
  void aNumberWhereATextBelongsIsRefused() throws IOException {
    assertThat(client.create(avatar("").put("external_task_id", 5)).path("code").asInt())
        .isEqualTo(1201);
    assertThat(client.create(Envelopes.object().arrayNode()).path("code").asInt()).isEqualTo(1200);
  }

  @Test
  void blankFieldsCountAsAbsent() throws IOException {
    ObjectNode request = avatar("").put("audio_id", "").put("callback_url", "").put("prompt", "");
    assertThat(client.create(request).path("code").asInt(-1)).isZero();
    assertThat(client.create(request).path("code").asInt(-1)).isZero();
    assertThat(kling.accepted()).hasSize(2);
    assertThat(kling.accepted().get(0).externalTaskId()).isEmpty();
  }

  @Test
  void mediaMayBeAddressesOrAnAudioId() throws IOException {
    ObjectNode request = avatar("").put("image", "https://example.org/face.jpg");
    request.put("sound_file", "").put("audio_id", "825455158141661278");
    assertThat(client.create(request).path("code").asInt(-1)).isZero();
    assertThat(kling.accepted().get(0).media()).isEmpty();
  }

  @Test
  void aFileBeyondTheLimitIsRefused() throws IOException {
    byte[] big = new byte[(5 << 20) + 1];
    System.arraycopy(VOICE, 0, big, 0, 4);
    assertThat(client.create(avatar("").put("sound_file", base64(big))).path("message").asText())
        .contains("too large");
  }

  @Test
  void aPictureAloneBecomesAVideoOnItsOwnPath() throws IOException {
    ObjectNode request = Envelopes.object().put("model_name", "kling-v2-1");
    request.put("image", base64(FACE)).put("prompt", "rain").put("duration", "10");
    String taskId = json(client.post(IMAGE, request)).at("/data/task_id").asText();

    assertThat(json(client.get(IMAGE + "/" + taskId)).at("/data/task_status").asText())
        .isEqualTo("succeed");
    assertThat(client.get(AVATAR + "/" + taskId).statusCode()).isEqualTo(404);
    kling.findTasksOnAnyPath();
    assertThat(client.state(taskId)).isEqualTo("succeed");
    assertThat(json(client.post(IMAGE, request.put("duration", "7"))).path("code").asInt())
        .isEqualTo(1201);
    request.put("model_name", "kling-v3");
    assertThat(json(client.post(IMAGE, request)).path("code").asInt(-1)).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "sound,true",
    "image_tail,UklGRg==",
    "duration,11",
    "model_name,",
    "negative_prompt,'{long}'"
  })
  void whatTheDocumentsForbidOfAPictureAloneIsRefused(String field, @Nullable String value)
      throws IOException {
    ObjectNode request = Envelopes.object().put("image", base64(FACE)).put("prompt", "rain");
    String text = "{long}".equals(value) ? "x".repeat(2501) : value;
    JsonNode answer = json(client.post(IMAGE, request.put(field, text)));
    assertThat(answer.path("code").asInt()).isEqualTo(1201);
    assertThat(kling.accepted()).isEmpty();
  }

  @Test
  void aLastPictureAloneIsEnough() throws IOException {
    ObjectNode request = Envelopes.object().put("image_tail", base64(FACE)).put("prompt", "rain");
    assertThat(json(client.post(IMAGE, request)).path("code").asInt(-1)).isZero();
    assertThat(kling.accepted().get(0).media().get("image_tail")).isEqualTo(FACE);
  }

  @Test
  void statesComeOnePerQueryAndSynonymsEndTheTask() throws IOException {
    kling
        .plan()
        .next(TaskPlan.succeeds().states("submitted", "processing", "Pondering", "succeed"));
    kling.plan().next(TaskPlan.succeeds().states("processing", "COMPLETED", "completed"));
    String good = client.newTask();
    assertThat(List.of(client.state(good), client.state(good), client.state(good)))
        .containsExactly("submitted", "processing", "Pondering");
    assertThat(client.query(good).at("/data/task_result/videos")).hasSize(1);
    String other = client.newTask();
    assertThat(client.query(other).at("/data/task_result")).isEmpty();
    assertThat(List.of(client.state(other), client.state(other), client.state(other)))
        .containsExactly("COMPLETED", "completed", "completed");
  }

  @Test
  void aFailedTaskStillSaysSucceedOnTop() throws IOException {
    kling.plan().next(TaskPlan.fails(null, "Image pixel is invalid"));
    JsonNode answer = client.query(client.newTask());

    assertThat(answer.path("code").asInt(-1)).isZero();
    assertThat(answer.path("message").asText()).isEqualTo("SUCCEED");
    assertThat(answer.at("/data/task_status").asText()).isEqualTo("failed");
    assertThat(answer.at("/data/task_status_msg").asText()).isEqualTo("Image pixel is invalid");
    assertThat(answer.at("/data/task_result")).isEmpty();
  }

  @Test
  void tasksEndByHandAndAreForgotten() throws IOException {
    kling.holdTasks();
    String good = client.newTask();
    String bad = client.newTask();
    assertThat(client.state(good)).isEqualTo("processing");
    kling.finish(good);
    kling.fail(bad, "Failure to pass the risk control system");
    assertThat(client.state(good)).isEqualTo("succeed");
    assertThat(client.query(bad).at("/data/task_status_msg").asText()).contains("risk control");
    kling.forget(good);
    assertThat(client.get(AVATAR + "/" + good).statusCode()).isEqualTo(404);
    assertThat(client.query(good).path("code").asInt()).isEqualTo(1203);
  }

  @Test
  void aTaskMayBeUnknownAtFirst() throws IOException {
    kling.plan().next(TaskPlan.succeeds().unknownFor(2));
    String taskId = client.newTask();
    assertThat(client.query(taskId).path("code").asInt()).isEqualTo(1203);
    assertThat(client.query(taskId).path("code").asInt()).isEqualTo(1203);
    assertThat(client.state(taskId)).isEqualTo("succeed");
  }

  @ParameterizedTest
  @CsvSource({"'',1001", "Basic abc,1002", "Bearer nonsense,1002", "Bearer a.b.c,1002"})
  void aStrangerIsTurnedAwayWithStatus401(String header, int code) throws IOException {
    client.authorization(header);
    HttpResponse<byte[]> response = client.post(AVATAR, avatar(""));
    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(json(response).path("code").asInt()).isEqualTo(code);
    assertThat(kling.unauthorised()).isEqualTo(1);
    assertThat(kling.accepted()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "ak,sk,-5,1800,0",
    "ak,wrong,-5,1800,1000",
    "stranger,sk,-5,1800,1002",
    "ak,sk,5,1800,1003",
    "ak,sk,-1805,0,1004",
    "ak,sk,0,1,0"
  })
  void aTokenIsJudgedByNameSignatureAndTimes(
      String accessKey, String secret, int from, int until, int code) throws IOException {
    var now = Instant.parse("2026-10-01T12:00:00Z");
    kling.addAccessKey("ak", "sk");
    kling.useClock(() -> now);
    long nbf = now.plusSeconds(from).getEpochSecond();
    long exp = now.plusSeconds(until).getEpochSecond();

    client.authorization("Bearer " + token(accessKey, secret, nbf, exp));

    assertThat(client.create(avatar("")).path("code").asInt(-1)).isEqualTo(code);
    assertThat(kling.accepted("ak")).hasSize(code == 0 ? 1 : 0);
  }

  @Test
  void keysCanBeWithdrawn() throws IOException {
    String taskId = client.newTask();
    kling.forgetKeys();
    assertThat(client.query(taskId).path("code").asInt()).isEqualTo(1002);
    kling.addKey(kling.key());
    assertThat(client.state(taskId)).isEqualTo("succeed");
  }

  @Test
  void limitsRefuseWithTheirOwnCodes() throws IOException {
    kling.holdTasks();
    kling.limitRunning(1);
    client.newTask();
    assertThat(client.post(AVATAR, avatar("")).statusCode()).isEqualTo(429);
    assertThat(client.create(avatar("")).path("code").asInt()).isEqualTo(1303);
    kling.limitCreates(0, Duration.ofHours(1));
    assertThat(client.create(avatar("")).path("code").asInt()).isEqualTo(1302);
    assertThat(kling.maxRunning()).isEqualTo(1);
    assertThat(kling.createCalls()).isEqualTo(4);
  }

  private static String token(String accessKey, String secret, long nbf, long exp) {
    String head = part("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");
    String claims = part("{\"iss\":\"%s\",\"exp\":%d,\"nbf\":%d}".formatted(accessKey, exp, nbf));
    return head + "." + claims + "." + KlingKeys.sign(secret, head + "." + claims);
  }

  private static String part(String json) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }
}
