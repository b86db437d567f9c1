package io.klingdrop.sandbox;

import static io.klingdrop.sandbox.SandboxClient.avatar;
import static io.klingdrop.sandbox.SandboxClient.json;
import static io.klingdrop.sandbox.SandboxClient.results;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.sandbox.samples.SampleMedia;
import io.klingdrop.sandbox.video.Movie;
import io.klingdrop.testing.Patience;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SandboxProviderTest {

  private static final String QUICK = "[slow 100ms]";

  @TempDir static Path folder;
  @TempDir Path downloads;

  private static SandboxProvider provider;
  private static SandboxClient client;
  private static Path portrait;
  private static Path voice;
  private static String image;
  private static String audio;

  @BeforeAll
  static void start() throws Exception {
    SampleMedia.write(folder.resolve("inbox"));
    portrait = folder.resolve("inbox/avatar/welcome.png");
    voice = folder.resolve("inbox/avatar/welcome.wav");
    provider = SandboxProvider.start(folder.resolve("work"), 0, model -> model.contains("kling"));
    client = new SandboxClient(provider.baseUrl());
    image = client.upload(portrait);
    audio = client.upload(voice);
  }

  @AfterAll
  static void stop() {
    provider.close();
  }

  @Test
  void aPortraitAndAVoiceBecomeAVideo() throws Exception {
    double before = json(client.get("/api/v1/chat/credit")).path("data").asDouble();

    var created = json(client.post("/api/v1/jobs/createTask", avatar(image, audio, "")));

    assertThat(created.path("code").asInt()).isEqualTo(200);
    assertThat(created.path("msg").asText()).isEqualTo("success");
    var id = created.path("data").path("taskId").asText();
    assertThat(id).matches("[0-9a-f]{32}");
    var waiting = json(client.record(id)).path("data");
    assertThat(waiting.path("state").asText()).isEqualTo("waiting");
    assertThat(waiting.path("resultJson").asText("?")).isEmpty();
    assertThat(waiting.path("completeTime").isNull()).isTrue();
    Patience.await()
        .pollInterval(Duration.ofMillis(50))
        .until(() -> state(id), "generating"::equals);
    var done = client.untilEnded(id);
    assertThat(done.path("state").asText()).isEqualTo("success");
    assertThat(done.path("costTime").asInt()).isBetween(2, 20);
    assertThat(done.path("creditsConsumed").asDouble()).isEqualTo(32);
    assertThat(done.path("failCode").isNull()).isTrue();
    assertThat(done.path("completeTime").asLong())
        .isGreaterThanOrEqualTo(done.path("createTime").asLong() + 2000);
    var param = SandboxClient.JSON.readTree(done.path("param").asText());
    var input = SandboxClient.JSON.readTree(param.path("input").asText());
    assertThat(param.path("model").asText()).isEqualTo("kling/v1-avatar-standard");
    assertThat(input.path("audio_url").asText()).isEqualTo(audio);
    assertThat(results(done)).hasSize(1);
    var movie = Movie.read(download(results(done).get(0).asText()));
    assertThat(movie.seconds()).isBetween(4.58, 4.66);
    assertThat(movie.sound()).isEqualTo("sowt");
    double after = json(client.get("/api/v1/chat/credit")).path("data").asDouble();
    assertThat(after).isLessThanOrEqualTo(before - 32);
  }

  @ParameterizedTest
  @CsvSource({"5,125,25", "10,250,50"})
  void aPictureAloneBecomesAVideoOfTheAskedLength(String duration, int frames, int credits)
      throws Exception {
    var request = SandboxClient.JSON.createObjectNode().put("model", "kling-2.6/image-to-video");
    request
        .putObject("input")
        .put("prompt", QUICK)
        .put("sound", false)
        .put("duration", duration)
        .putArray("image_urls")
        .add(image);

    var done = client.untilEnded(taskId(json(client.post("/api/v1/jobs/createTask", request))));

    assertThat(done.path("creditsConsumed").asInt()).isEqualTo(credits);
    assertThat(Movie.read(download(results(done).get(0).asText())).frames()).isEqualTo(frames);
  }

  @Test
  void anUploadKeepsNameTypeAndBytes() throws Exception {
    var answer =
        json(client.multipart(portrait, Map.of("uploadPath", "a/b", "fileName", "face 1.png")));

    assertThat(answer.path("success").asBoolean()).isTrue();
    assertThat(answer.path("code").asInt()).isEqualTo(200);
    var data = answer.path("data");
    assertThat(data.path("fileName").asText()).isEqualTo("face 1.png");
    assertThat(data.path("mimeType").asText()).isEqualTo("image/png");
    assertThat(data.path("fileSize").asLong()).isEqualTo(Files.size(portrait));
    var fetched = client.fetch(data.path("downloadUrl").asText());
    assertThat(fetched.body()).isEqualTo(Files.readAllBytes(portrait));
    assertThat(fetched.headers().firstValue("content-length"))
        .contains(String.valueOf(Files.size(portrait)));
  }

  @Test
  void anUploadWithoutANameGetsOneWithTheRightExtension() throws Exception {
    var answer = json(client.multipart(voice, Map.of("uploadPath", "a")));

    assertThat(answer.path("data").path("fileName").asText()).matches("\\d+-\\w+\\.wav");
  }

  @ParameterizedTest
  @CsvSource({"'',x.png", "..,x.png", "a,../../x.png"})
  void anUploadWithABadPathIsRefusedWithStatus200(String path, String name) throws Exception {
    var response = client.multipart(portrait, Map.of("uploadPath", path, "fileName", name));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(json(response).path("success").asBoolean(true)).isFalse();
    assertThat(json(response).path("code").asInt()).isEqualTo(400);
  }

  @Test
  void aBase64UploadWorksBareAndAsDataUrl() throws Exception {
    var bytes = Files.readAllBytes(portrait);
    var text = Base64.getEncoder().encodeToString(bytes);
    for (var data : new String[] {text, "data:image/png;base64," + text}) {
      var body = SandboxClient.JSON.createObjectNode();
      body.put("base64Data", data).put("uploadPath", "b64").put("fileName", "f.png");

      var answer = json(client.post("/api/file-base64-upload", body));

      var url = answer.path("data").path("downloadUrl").asText();
      assertThat(client.fetch(url).body()).isEqualTo(bytes);
    }
    var broken = SandboxClient.JSON.createObjectNode();
    broken.put("base64Data", "A").put("uploadPath", "b64");
    assertThat(json(client.post("/api/file-base64-upload", broken)).path("code").asInt())
        .isEqualTo(400);
  }

  @Test
  void aRangeIsAnsweredWithThatPart() throws Exception {
    var bytes = Files.readAllBytes(portrait);

    var middle = client.fetch(image, "Range", "bytes=100-199");
    var rest = client.fetch(image, "Range", "bytes=" + (bytes.length - 5) + "-");
    var beyond = client.fetch(image, "Range", "bytes=" + bytes.length + "-");

    assertThat(middle.statusCode()).isEqualTo(206);
    assertThat(middle.headers().firstValue("content-range"))
        .contains("bytes 100-199/" + bytes.length);
    assertThat(middle.body()).isEqualTo(Arrays.copyOfRange(bytes, 100, 200));
    assertThat(rest.body()).hasSize(5);
    assertThat(beyond.statusCode()).isEqualTo(416);
  }

  @Test
  void withoutAKeyEverythingIsCode401WithoutData() throws Exception {
    var request = HttpRequest.newBuilder(provider.baseUrl().resolve("/api/v1/chat/credit")).build();

    var response =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray());

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(json(response).path("code").asInt()).isEqualTo(401);
    assertThat(json(response).has("data")).isFalse();
  }

  @Test
  void requestsThatAreWrongAreRefusedWithStatus200() throws Exception {
    assertRefused(avatar("https://example.org/a.png", audio, ""), 500, "Server exception");
    assertRefused(avatar("", audio, ""), 500, "image_url is required");
    var noPrompt = avatar(image, audio, "");
    ((ObjectNode) noPrompt.path("input")).remove("prompt");
    assertRefused(noPrompt, 500, "prompt is required");
    assertRefused(
        avatar(image, audio, "").put("model", "veo9"), 422, "The model name you specified");
  }

  @Test
  void anUnknownTaskIsNull() throws Exception {
    assertThat(json(client.record("task_sandbox_1")).toString())
        .isEqualTo("{\"code\":422,\"msg\":\"recordInfo is null\",\"data\":null}");
    assertThat(json(client.record("")).path("code").asInt()).isEqualTo(400);
  }

  @Test
  void failEndsTheTaskWithThatCodeAndCostsNothing() throws Exception {
    var done = run("[slow 50ms] [fail 422 CONTENT_POLICY_BLOCKED: flagged.]");

    assertThat(done.path("state").asText()).isEqualTo("fail");
    assertThat(done.path("failCode").asText()).isEqualTo("422");
    assertThat(done.path("failMsg").asText()).isEqualTo("CONTENT_POLICY_BLOCKED: flagged.");
    assertThat(done.path("creditsConsumed").asDouble()).isZero();
    assertThat(done.path("resultJson").asText("?")).isEmpty();
  }

  @Test
  void refuseIsAnsweredByCreateTask() throws Exception {
    assertRefused(avatar(image, audio, "[refuse 402]"), 402, "Credits insufficient");
    assertRefused(avatar(image, audio, "[refuse 422 no such size]"), 422, "no such size");
  }

  @Test
  void refuseTwiceGivesInTheThirdTime() throws Exception {
    var request = avatar(image, audio, QUICK + "[refuse-twice 429]");

    assertRefused(request, 429, "Your call frequency is too high");
    assertRefused(request, 429, "Your call frequency is too high");
    assertThat(json(client.post("/api/v1/jobs/createTask", request)).path("code").asInt())
        .isEqualTo(200);
  }

  @Test
  void htmlIsAnsweredTwiceAndThenTheRecord() throws Exception {
    var id = create(QUICK + "[html]");

    var first = client.record(id);
    var second = client.record(id);

    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(first.headers().firstValue("content-type")).contains("text/html");
    assertThat(second.statusCode()).isEqualTo(502);
    assertThat(client.untilEnded(id).path("state").asText()).isEqualTo("success");
  }

  @Test
  void anOddStateIsAnsweredTwiceAndThenTheRightOne() throws Exception {
    var id = create(QUICK + "[odd-state]");

    assertThat(state(id)).isEqualTo("reviewing");
    assertThat(state(id)).isEqualTo("reviewing");
    assertThat(client.untilEnded(id).path("state").asText()).isEqualTo("success");
  }

  @Test
  void noUrlIsASuccessWithoutResults() throws Exception {
    var done = run(QUICK + "[no-url]");

    assertThat(done.path("state").asText()).isEqualTo("success");
    assertThat(results(done)).isEmpty();
  }

  @Test
  void twoResultsCanBothBeFetched() throws Exception {
    var done = run(QUICK + "[two-results]");

    assertThat(results(done)).hasSize(2);
    for (var url : results(done)) {
      assertThat(Movie.read(download(url.asText())).frames()).isEqualTo(116);
    }
  }

  @Test
  void aBrokenVideoEndsInTheMiddle() throws Exception {
    var whole = client.fetch(results(run(QUICK)).get(0).asText()).body();
    var broken = client.fetch(results(run(QUICK + "[broken-video]")).get(0).asText()).body();

    assertThat(broken).hasSizeLessThan(whole.length);
    assertThatThrownBy(() -> Movie.read(Files.write(downloads.resolve("broken.mp4"), broken)))
        .isInstanceOf(IOException.class);
  }

  @Test
  void anExpiredResultIsThereAgainOnceTheRecordIsRead() throws Exception {
    var done = run(QUICK + "[expired-url]");
    var url = results(done).get(0).asText();

    assertThat(client.fetch(url).statusCode()).isEqualTo(403);
    assertThat(client.fetch(url).statusCode()).isEqualTo(403);
    client.record(done.path("taskId").asText());
    assertThat(client.fetch(url).statusCode()).isEqualTo(200);
  }

  @Test
  void anExpiredResultIsThereAgainOnceItsAddressIsRenewed() throws Exception {
    var url = results(run(QUICK + "[expired-url]")).get(0).asText();
    assertThat(client.fetch(url).statusCode()).isEqualTo(403);

    var renewed = json(renew(url));

    assertThat(renewed.path("code").asInt()).isEqualTo(200);
    assertThat(client.fetch(renewed.path("data").asText()).statusCode()).isEqualTo(200);
    assertThat(json(renew("https://example.org/x.mp4")).path("msg").asText())
        .isEqualTo("url is wrong");
  }

  @Test
  void aDroppedAnswerIsABare502ForATaskThatRuns() throws Exception {
    double before = credits();

    var response = client.post("/api/v1/jobs/createTask", avatar(image, audio, "[slow 5m][drop]"));

    assertThat(response.statusCode()).isEqualTo(502);
    assertThat(response.body()).isEmpty();
    assertThat(credits()).isLessThan(before);
  }

  @Test
  void aHangingAnswerNeverComesAndDoesNotKeepTheSandboxOpen() throws Exception {
    CompletableFuture<Integer> answer;
    try (var own = SandboxProvider.start(downloads.resolve("own"), 0)) {
      var caller = new SandboxClient(own.baseUrl());
      var request = avatar(caller.upload(portrait), caller.upload(voice), "[slow 5m][hang]");
      answer = CompletableFuture.supplyAsync(() -> statusOfCreate(caller, request));
      Patience.await()
          .until(() -> json(caller.get("/api/v1/chat/credit")).path("data").asDouble() < 10_000);
      assertThat(answer).isNotDone();
    }

    assertThat(answer.get(Patience.LONG.toSeconds(), TimeUnit.SECONDS)).isEqualTo(-1);
  }

  @Test
  void aSandboxThatStartsAgainKnowsItsTasks() throws Exception {
    var work = downloads.resolve("again");
    var ids = new String[2];
    try (var first = SandboxProvider.start(work, 0)) {
      var caller = new SandboxClient(first.baseUrl());
      var picture = caller.upload(portrait);
      var sound = caller.upload(voice);
      var prompts = new String[] {QUICK, "[slow 1s]"};
      for (int i = 0; i < ids.length; i++) {
        var request = avatar(picture, sound, prompts[i]);
        ids[i] = taskId(json(caller.post("/api/v1/jobs/createTask", request)));
      }
      caller.untilEnded(ids[0]);
    }

    try (var second = SandboxProvider.start(work, 0)) {
      var caller = new SandboxClient(second.baseUrl());
      for (var id : ids) {
        var url = results(caller.untilEnded(id)).get(0).asText();
        assertThat(url).startsWith(second.baseUrl().toString());
        assertThat(caller.fetch(url).statusCode()).isEqualTo(200);
      }
      assertThat(json(caller.get("/api/v1/chat/credit")).path("data").asDouble()).isEqualTo(9936);
    }
  }

  @Test
  void aPortThatIsTakenIsToldAtOnce() {
    int port = provider.baseUrl().getPort();

    assertThatThrownBy(() -> SandboxProvider.start(downloads.resolve("second"), port))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(String.valueOf(port));
  }

  private static void assertRefused(JsonNode request, int code, String message) throws Exception {
    var response = client.post("/api/v1/jobs/createTask", request);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(json(response).path("code").asInt()).isEqualTo(code);
    assertThat(json(response).path("msg").asText()).startsWith(message);
    assertThat(json(response).path("data").isNull()).isTrue();
  }

  private static int statusOfCreate(SandboxClient caller, JsonNode request) {
    try {
      return caller.post("/api/v1/jobs/createTask", request).statusCode();
    } catch (Exception e) {
      return -1;
    }
  }

  private static HttpResponse<byte[]> renew(String url) throws Exception {
    return client.post(
        "/api/v1/common/download-url", SandboxClient.JSON.createObjectNode().put("url", url));
  }

  private static double credits() throws Exception {
    return json(client.get("/api/v1/chat/credit")).path("data").asDouble();
  }

  private static JsonNode run(String prompt) throws Exception {
    return client.untilEnded(create(prompt));
  }

  private static String create(String prompt) throws Exception {
    return taskId(json(client.post("/api/v1/jobs/createTask", avatar(image, audio, prompt))));
  }

  private static String taskId(JsonNode created) {
    return created.path("data").path("taskId").asText();
  }

  private static String state(String id) throws Exception {
    return json(client.record(id)).path("data").path("state").asText();
  }

  private Path download(String url) throws Exception {
    return Files.write(downloads.resolve("video.mp4"), client.fetch(url).body());
  }
}
