package io.klingdrop.testing;

import static io.klingdrop.testing.Endpoint.CREATE_TASK;
import static io.klingdrop.testing.Endpoint.CREDIT;
import static io.klingdrop.testing.Endpoint.RECORD_INFO;
import static io.klingdrop.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The double as a good provider: what it answers and what it writes down. */
class FakeKieTest {

  private final FakeKie kie = FakeKie.start();
  private final TestClient client = new TestClient(kie);

  @AfterEach
  void close() {
    kie.close();
  }

  @Test
  void aTaskLivesFromUploadToVideo() throws IOException {
    byte[] face = "a face\r\n--xy not yet the end\r".getBytes();
    byte[] voice = {0, 13, 10, 45, 45, 120, 13, 13, 10};
    String image = client.upload("in/1", "face.png", face).at("/data/downloadUrl").asText();
    String audio = client.upload("in/1", "voice.wav", voice).at("/data/downloadUrl").asText();

    JsonNode created = client.createTask("wave", image, audio);
    String taskId = created.at("/data/taskId").asText();
    assertThat(created.toString())
        .isEqualTo(
            "{\"code\":200,\"msg\":\"success\",\"data\":{\"taskId\":\"%s\",\"recordId\":\"%s\"}}"
                .formatted(taskId, taskId));
    assertThat(taskId).matches("[0-9a-f]{32}");

    JsonNode data = client.recordInfo(taskId).path("data");
    assertThat(data.path("state").asText()).isEqualTo("success");
    JsonNode result = Envelopes.parse(data.path("resultJson").asText());
    String video = result.at("/resultUrls/0").asText();
    assertThat(client.get(video).body()).isEqualTo(kie.resultBytes(taskId, 1));
    assertThat(client.get(image).body()).isEqualTo(face);

    AcceptedTask accepted = kie.accepted().get(0);
    assertThat(accepted.prompt()).isEqualTo("wave");
    assertThat(accepted.model()).isEqualTo(TestClient.MODEL);
    assertThat(accepted.media())
        .containsEntry("/image_url", Digests.sha256(face))
        .containsEntry("/audio_url", Digests.sha256(voice));
    assertThat(kie.acceptedFor(Digests.sha256(voice))).containsExactly(accepted);
    assertThat(kie.acceptedFor(Digests.sha256(new byte[0]))).isEmpty();
  }

  @Test
  void aRunningTaskLooksAsOnTheWire() throws IOException {
    kie.holdTasks();
    String taskId = client.newTask();
    JsonNode data = client.recordInfo(taskId).path("data");

    assertThat(data.properties().stream().map(Map.Entry::getKey))
        .containsExactly(
            "taskId",
            "model",
            "state",
            "param",
            "resultJson",
            "failCode",
            "failMsg",
            "costTime",
            "completeTime",
            "createTime",
            "creditsConsumed");
    assertThat(data.path("state").asText()).isEqualTo("waiting");
    assertThat(data.path("resultJson").asText("absent")).isEmpty();
    assertThat(data.path("failCode").isNull()).isTrue();
    assertThat(data.path("completeTime").isNull()).isTrue();
    assertThat(data.path("createTime").asLong()).isGreaterThan(1_700_000_000_000L);
    assertThat(data.path("creditsConsumed").toString()).isEqualTo("100.0");
    JsonNode param = Envelopes.parse(data.path("param").asText());
    JsonNode input = Envelopes.parse(param.path("input").asText());
    assertThat(input.path("image_url").asText()).isEqualTo("https://media.example.org/face.png");
  }

  @Test
  void tasksEndByHand() throws IOException {
    kie.holdTasks();
    String good = client.newTask();
    String bad = client.newTask();
    String rest = client.newTask();
    kie.finish(good);
    kie.fail(bad, "400", "blocked", 12.5);

    assertThat(state(good)).isEqualTo("success");
    JsonNode failed = client.recordInfo(bad).path("data");
    assertThat(failed.path("state").asText()).isEqualTo("fail");
    assertThat(failed.path("failCode").asText()).isEqualTo("400");
    assertThat(failed.path("failMsg").asText()).isEqualTo("blocked");
    assertThat(failed.path("creditsConsumed").asDouble()).isEqualTo(12.5);
    assertThat(failed.path("completeTime").isNumber()).isTrue();
    assertThat(state(rest)).isEqualTo("waiting");
    kie.releaseTasks();
    assertThat(state(rest)).isEqualTo("success");
    assertThat(state(client.newTask())).isEqualTo("success");
  }

  @Test
  void tasksEndByTheClock() throws IOException {
    kie.taskTime(Duration.ofHours(1));
    assertThat(state(client.newTask())).isEqualTo("waiting");
    kie.taskTime(Duration.ofMillis(1));
    String taskId = client.newTask();
    await().until(() -> state(taskId).equals("success"));
  }

  @Test
  void stateWordsComeOnePerPoll() throws IOException {
    kie.plan().next(TaskPlan.succeeds().states("queuing", "weird_state", "success"));
    kie.plan().next(TaskPlan.succeeds().states("generating", "fail"));
    String good = client.newTask();
    assertThat(List.of(state(good), state(good), state(good), state(good)))
        .containsExactly("queuing", "weird_state", "success", "success");
    String bad = client.newTask();
    assertThat(List.of(state(bad), state(bad))).containsExactly("generating", "fail");
    assertThat(client.recordInfo(bad).at("/data/failCode").asText()).isEqualTo("500");
  }

  @Test
  void plansFollowTheRequest() throws IOException {
    kie.plan().when(Call.promptContains("bad")).always(TaskPlan.fails("422", "CONTENT"));
    assertThat(state(client.createTask("a bad one").at("/data/taskId").asText())).isEqualTo("fail");
    assertThat(state(client.newTask())).isEqualTo("success");
  }

  @Test
  void aYoungTaskMayBeUnknown() throws IOException {
    kie.plan().always(TaskPlan.succeeds().unknownFor(2));
    String taskId = client.newTask();
    String unknown = "{\"code\":422,\"msg\":\"recordInfo is null\",\"data\":null}";
    assertThat(client.recordInfo(taskId)).hasToString(unknown);
    assertThat(client.recordInfo(taskId)).hasToString(unknown);
    assertThat(state(taskId)).isEqualTo("success");
    assertThat(client.recordInfo("never-heard-of")).hasToString(unknown);
    kie.forget(taskId);
    assertThat(client.recordInfo(taskId)).hasToString(unknown);
  }

  @Test
  void resultsComeInEveryShape() throws IOException {
    List<String> shapes = new ArrayList<>();
    for (ResultShape shape : ResultShape.values()) {
      kie.plan().next(TaskPlan.succeeds().result(shape).links("http://x/1", "http://x/2"));
      shapes.add(client.recordInfo(client.newTask()).at("/data/resultJson").toString());
    }
    assertThat(shapes)
        .containsExactly(
            "\"{\\\"resultUrls\\\":[\\\"http://x/1\\\",\\\"http://x/2\\\"]}\"",
            "{\"resultUrls\":[\"http://x/1\",\"http://x/2\"]}",
            "\"\"",
            "null",
            "\"{resultUrls: [\"",
            "\"{\\\"resultUrls\\\":[]}\"");
  }

  @Test
  void severalVideosOfOneTaskDiffer() throws IOException {
    kie.plan().always(TaskPlan.succeeds().videos(2).padding(1000));
    String taskId = client.newTask();
    String results = client.recordInfo(taskId).at("/data/resultJson").asText();
    JsonNode urls = Envelopes.parse(results).path("resultUrls");
    assertThat(urls).hasSize(2);
    assertThat(client.get(urls.get(1).asText()).body()).isEqualTo(kie.resultBytes(taskId, 2));
    assertThat(kie.resultBytes(taskId, 1)).isNotEqualTo(kie.resultBytes(taskId, 2));
  }

  @Test
  void anotherKeyIsRefusedAndCounted() throws IOException {
    HttpRequest.Builder credit = client.request(CREDIT, "").setHeader("Authorization", "Bearer x");
    HttpResponse<byte[]> response = client.send(credit);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(TestClient.text(response)).startsWith("{\"code\":401,\"msg\":\"Unauthorized – Auth");
    assertThat(TestClient.json(response).has("data")).isFalse();
    HttpRequest.Builder upload = client.uploadRequest("p", "f", new byte[100_000]);
    response = client.send(upload.setHeader("Authorization", "Bearer x"));
    assertThat(TestClient.json(response).path("success").asBoolean(true)).isFalse();
    assertThat(kie.unauthorised()).isEqualTo(2);
    kie.useKey("another");
    assertThat(client.credit().path("code").asInt()).isEqualTo(200);
  }

  @Test
  void jsonUnderAnotherTypeIsRefusedLikeAStranger() throws IOException {
    HttpRequest.Builder create = client.post(CREATE_TASK, TestClient.avatar("x"));
    HttpResponse<byte[]> response = client.send(create.setHeader("Content-Type", "text/plain"));
    assertThat(TestClient.text(response))
        .isEqualTo("{\"code\":401,\"msg\":\"You do not have access permissions\"}");
    assertThat(kie.unauthorised()).isEqualTo(1);
    assertThat(kie.accepted()).isEmpty();
  }

  @Test
  void creditIsABareFraction() throws IOException {
    assertThat(client.credit()).hasToString("{\"code\":200,\"msg\":\"success\",\"data\":5916.25}");
    kie.balance("0");
    assertThat(client.credit().path("data").decimalValue()).isZero();
  }

  @Test
  void aBadRequestCreatesNothing() throws IOException {
    ObjectNode request = Envelopes.object().put("model", TestClient.MODEL);
    assertThat(client.createTask(request).path("code").asInt()).isEqualTo(422);
    request.putObject("input").put("image_url", "u").put("audio_url", "u");
    assertThat(client.createTask(request))
        .hasToString("{\"code\":500,\"msg\":\"prompt is required\",\"data\":null}");
    assertThat(client.createTask(Envelopes.object()).path("msg").asText()).contains("model name");
    String gone = kie.url() + Endpoint.FILE.path() + "nowhere.png";
    assertThat(client.createTask("hi", gone, gone).path("msg").asText()).contains("Server excepti");
    assertThat(kie.accepted()).isEmpty();
    assertThat(kie.createCalls()).isEqualTo(4);
  }

  @Test
  void uploadsReplaceEachOtherUnderOneName() throws IOException {
    String first = client.upload("p", "f.png", new byte[] {1}).at("/data/downloadUrl").asText();
    String again = client.upload("p", "f.png", new byte[] {2}).at("/data/downloadUrl").asText();
    String named = client.upload("p", "", new byte[] {3}).at("/data/downloadUrl").asText();
    assertThat(again).isEqualTo(first);
    assertThat(named).isNotEqualTo(first).endsWith(".png");
    assertThat(client.get(first).body()).containsExactly(2);
    assertThat(kie.uploads()).hasSize(3);
    Upload upload = kie.uploads().get(0);
    assertThat(upload.contentType()).isEqualTo("image/png");
    assertThat(upload.fileName()).hasValue("f.png");
    assertThat(upload.partFileName()).hasValue("sent.png");
    assertThat(upload.uploadPath()).isEqualTo("p");
    assertThat(Files.readAllBytes(upload.file())).containsExactly(1);
  }

  @Test
  void anUploadWithoutPathIsRefused() throws IOException {
    assertThat(client.upload("", "f.png", new byte[] {1}))
        .hasToString(
            "{\"success\":false,\"code\":400,\"msg\":\"Missing required parameter: uploadPath\"}");
    assertThat(client.upload("/p", "f.png", new byte[] {1}).path("code").asInt()).isEqualTo(400);
    assertThat(kie.uploads()).isEmpty();
  }

  @Test
  void aChunkedUploadOfOddNameArrives() throws IOException {
    byte[] bytes = new byte[3_000_000];
    new Random(1).nextBytes(bytes);
    HttpRequest sized = client.uploadRequest("p q", "Ärger 100%.png", bytes).build();
    var chunked = BodyPublishers.fromPublisher(sized.bodyPublisher().orElseThrow());
    HttpRequest.Builder request = client.uploadRequest("p q", "Ärger 100%.png", bytes);
    JsonNode receipt = TestClient.json(client.send(request.POST(chunked).expectContinue(true)));
    assertThat(receipt.at("/data/fileName").asText()).isEqualTo("Ärger 100%.png");
    assertThat(kie.uploads().get(0).sha256()).isEqualTo(Digests.sha256(bytes));
    byte[] served = client.get(receipt.at("/data/downloadUrl").asText()).body();
    assertThat(Digests.sha256(served)).isEqualTo(Digests.sha256(bytes));
  }

  @Test
  void aFreshLinkServesWhenTheOldOneExpired() throws IOException {
    kie.expireLinks();
    String taskId = client.newTask();
    String old = kie.url() + "/result/" + taskId + "-1.mp4";
    assertThat(client.get(old).statusCode()).isEqualTo(403);
    String fresh = client.downloadUrl(old).path("data").asText();
    assertThat(client.get(fresh).body()).isEqualTo(kie.resultBytes(taskId, 1));
    assertThat(client.downloadUrl("https://elsewhere.example/x.mp4"))
        .hasToString("{\"code\":422,\"msg\":\"url is wrong\",\"data\":null}");
  }

  @Test
  void limitsRefuseWhatIsTooMuch() throws IOException {
    kie.limitCreates(2, Duration.ofHours(1));
    kie.limitPolls(1, Duration.ofHours(1));
    String taskId = client.newTask();
    client.newTask();
    assertThat(client.createTask("third"))
        .hasToString(
            "{\"code\":429,\"msg\":\"Your call frequency is too high. Please try again later.\","
                + "\"data\":null}");
    client.recordInfo(taskId);
    assertThat(client.recordInfo(taskId).path("code").asInt()).isEqualTo(429);
    assertThat(kie.rejections429()).isEqualTo(2);
    assertThat(kie.accepted()).hasSize(2);
    assertThat(kie.maxCallsInWindow(CREATE_TASK, Duration.ofHours(1))).isEqualTo(3);
    assertThat(kie.maxCallsInWindow(CREATE_TASK, Duration.ofNanos(1))).isEqualTo(1);
  }

  @Test
  void onlySoManyTasksRunAtOnce() throws IOException {
    kie.limitRunning(1);
    kie.holdTasks();
    String first = client.newTask();
    assertThat(client.createTask("too many").path("code").asInt()).isEqualTo(429);
    kie.finish(first);
    assertThat(client.createTask("now").path("code").asInt()).isEqualTo(200);
    assertThat(kie.maxRunning()).isEqualTo(1);
    assertThat(kie.rejections429()).isEqualTo(1);
  }

  @Test
  void aTaskRefusedUsesUpNoPlan() throws IOException {
    kie.limitRunning(0);
    kie.plan().next(TaskPlan.succeeds());
    client.createTask("refused");
    assertThat(kie.plan().pending()).isEqualTo(1);
  }

  @Test
  void nothingIsLeftWhenTheDoubleIsClosed() throws IOException {
    client.upload("p", "f.png", new byte[] {1});
    kie.on(CREDIT).next(Faults.hang());
    client.timeout(Duration.ofMillis(100));
    assertThatThrownBy(client::credit).isInstanceOf(IOException.class);
    kie.close();
    kie.close();
    assertThat(kie.uploads().get(0).file().getParent()).doesNotExist();
    assertThatThrownBy(client::credit).isInstanceOf(ConnectException.class);
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("fake-kie-" + kie.url().getPort() + "-"));
  }

  @Test
  void everyCallIsCounted() throws IOException {
    String taskId = client.newTask();
    client.recordInfo(taskId);
    client.recordInfo(taskId);
    client.recordInfo("other");
    client.get(kie.url() + "/result/" + taskId + "-1.mp4", "Authorization", "Bearer leaked");
    client.send(client.request(Endpoint.UNKNOWN, "/nowhere"));
    assertThat(kie.recordInfoCalls()).isEqualTo(3);
    assertThat(kie.recordInfoCalls(taskId)).isEqualTo(2);
    assertThat(kie.callTimes(RECORD_INFO)).hasSize(3).isSorted();
    assertThat(kie.callTimes(RECORD_INFO, taskId)).hasSize(2);
    assertThat(kie.authorizationSeenOnDownloads()).isEqualTo(1);
    assertThat(kie.strayCalls()).containsExactly("/nowhere");
    assertThat(kie.connections()).as("one connection is kept alive").isEqualTo(1);
  }

  @Test
  void aThousandTasksAndTwentyThousandCallsAreQuick() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Future<Integer>> shares = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      shares.add(threads.submit(() -> createAndPoll(125, 19)));
    }
    int finished = 0;
    for (Future<Integer> share : shares) {
      finished += share.get();
    }
    threads.shutdown();
    assertThat(finished).isEqualTo(19_000);
    assertThat(kie.accepted()).hasSize(1000);
    assertThat(kie.createCalls()).isEqualTo(1000);
    assertThat(kie.recordInfoCalls()).isEqualTo(19_000);
    assertThat(kie.connections()).isEqualTo(8);
  }

  private int createAndPoll(int tasks, int polls) throws IOException {
    int finished = 0;
    ObjectNode request = TestClient.avatar("hello");
    try (var raw = new RawClient(kie)) {
      for (int i = 0; i < tasks; i++) {
        JsonNode created = raw.post(CREATE_TASK.path(), request);
        String poll = RECORD_INFO.path() + "?taskId=" + created.at("/data/taskId").asText();
        for (int j = 0; j < polls; j++) {
          finished += raw.get(poll).at("/data/state").asText().equals("success") ? 1 : 0;
        }
      }
    }
    return finished;
  }

  private String state(String taskId) throws IOException {
    return client.recordInfo(taskId).at("/data/state").asText();
  }
}
