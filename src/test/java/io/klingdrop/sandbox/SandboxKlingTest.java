package io.klingdrop.sandbox;

import static io.klingdrop.sandbox.SandboxClient.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.sandbox.samples.SampleMedia;
import io.klingdrop.sandbox.video.Movie;
import io.klingdrop.testing.Patience;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sandbox as a client of Kling sees it. */
class SandboxKlingTest {

  private static final String AVATAR = "/kling/v1/videos/avatar/image2video";
  private static final String VIDEO = "/kling/v1/videos/image2video";
  private static final String QUICK = "[slow 100ms]";

  @TempDir static Path folder;
  @TempDir Path downloads;

  private static SandboxProvider provider;
  private static SandboxClient client;
  private static Path portrait;
  private static Path voice;

  @BeforeAll
  static void start() throws Exception {
    SampleMedia.write(folder.resolve("inbox"));
    portrait = folder.resolve("inbox/avatar/welcome.png");
    voice = folder.resolve("inbox/avatar/welcome.wav");
    provider = SandboxProvider.start(folder.resolve("work"), 0);
    client = new SandboxClient(provider.baseUrl());
  }

  @AfterAll
  static void stop() {
    provider.close();
  }

  @Test
  void itsAddressEndsBeforeTheVersion() {
    assertThat(provider.klingUrl()).hasToString(provider.baseUrl() + "/kling");
  }

  @Test
  void aPortraitAndAVoiceInBase64BecomeAVideo() throws Exception {
    double before = units();

    var created = json(client.post(AVATAR, avatar("").put("external_task_id", "mine")));

    assertThat(created.path("code").asInt(-1)).isZero();
    assertThat(created.path("message").asText()).isEqualTo("SUCCEED");
    assertThat(created.path("request_id").asText()).hasSize(36);
    var data = created.path("data");
    var id = data.path("task_id").asText();
    assertThat(id).matches("\\d{18}");
    assertThat(data.path("task_status").asText()).isEqualTo("submitted");
    assertThat(data.at("/task_info/external_task_id").asText()).isEqualTo("mine");
    assertThat(query(AVATAR, id).path("task_status").asText()).isEqualTo("submitted");
    assertThat(query(AVATAR, id).path("task_result")).isEmpty();
    Patience.await()
        .pollInterval(Duration.ofMillis(50))
        .until(() -> query(AVATAR, id).path("task_status").asText(), "processing"::equals);

    var done = untilEnded(AVATAR, "mine");

    assertThat(done.path("task_id").asText()).isEqualTo(id);
    assertThat(done.path("task_status").asText()).isEqualTo("succeed");
    assertThat(done.path("final_unit_deduction").asText()).isEqualTo("1.85");
    assertThat(done.path("updated_at").asLong())
        .isGreaterThanOrEqualTo(done.path("created_at").asLong() + 2000);
    assertThat(done.at("/task_result/videos/0/duration").asText()).startsWith("4.6");
    var movie = Movie.read(download(url(done, 0)));
    assertThat(movie.seconds()).isBetween(4.58, 4.66);
    assertThat(movie.sound()).isEqualTo("sowt");
    assertThat(units()).isLessThanOrEqualTo(before - 1.85 + 0.001);
    assertThat(json(client.get("/api/v1/chat/credit")).path("data").asDouble()).isEqualTo(10_000);
  }

  @Test
  void addressesAreFetchedWhetherOursOrNot() throws Exception {
    try (var other = SandboxProvider.start(downloads.resolve("other"), 0)) {
      var elsewhere = new SandboxClient(other.baseUrl());
      var request = avatar(QUICK).put("image", client.upload(portrait));
      request.put("sound_file", elsewhere.upload(voice));

      var done = untilEnded(AVATAR, create(AVATAR, request));

      assertThat(Movie.read(download(url(done, 0))).frames()).isEqualTo(116);
      assertRefused(
          request.put("image", other.baseUrl() + "/nowhere.png"),
          400,
          1201,
          "image: failed to get");
    }
  }

  @ParameterizedTest
  @CsvSource({"std,5,125,2", "pro,10,250,8"})
  void aPictureAloneBecomesAVideoOfTheAskedLength(
      String mode, String duration, int frames, String units) throws Exception {
    var request = SandboxClient.JSON.createObjectNode().put("model_name", "kling-v2-1");
    request.put("image", base64(portrait)).put("prompt", QUICK);
    request.put("mode", mode).put("duration", duration);

    var id = create(VIDEO, request);
    var done = untilEnded(VIDEO, id);

    assertThat(Movie.read(download(url(done, 0))).frames()).isEqualTo(frames);
    assertThat(done.path("final_unit_deduction").asText()).isEqualTo(units);
    assertThat(client.get(AVATAR + "/" + id).statusCode()).isEqualTo(404);
  }

  @Test
  void whatKlingForbidsIsRefusedWithStatus400() throws Exception {
    assertRefused(avatar("").put("image", ""), 400, 1201, "image is required");
    assertRefused(avatar("").put("sound_file", " "), 400, 1201, "exactly one");
    assertRefused(avatar("").put("audio_id", "1"), 400, 1201, "exactly one");
    assertRefused(
        avatar("").put("sound_file", "").put("audio_id", "1"), 400, 1201, "audio_id: no such");
    assertRefused(avatar("x".repeat(2501)), 400, 1201, "prompt is too long");
    assertRefused(avatar("").put("mode", "fast"), 400, 1201, "mode value 'fast' is invalid");
    assertRefused(avatar("").put("mode", 1), 400, 1201, "mode must be a string");
    assertRefused(
        avatar("").put("image", "data:image/png;base64," + base64(portrait)),
        400,
        1201,
        "image: File is not in a valid base64 format");
    assertRefused(
        avatar("").put("image", base64(voice)), 400, 1201, "image: the file holds WAV audio");
    assertRefused(
        avatar("").put("sound_file", base64(portrait)),
        400,
        1201,
        "sound_file: the file holds a PNG picture");
    assertThat(folder.resolve("work/media").toFile().list())
        .as("nothing is left of what was refused")
        .noneMatch(name -> name.endsWith(".part"));
  }

  @Test
  void theClientsOwnIdIsUniqueUnlessTheRequestWasRefused() throws Exception {
    var request = avatar(QUICK).put("external_task_id", "once");
    assertRefused(request.deepCopy().put("image", ""), 400, 1201, "image is required");
    create(AVATAR, request);
    assertRefused(request, 400, 1201, "external_task_id is already in use");
  }

  @Test
  void aSmallPictureIsAcceptedAndFailsLater() throws Exception {
    var small = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(299, 400, BufferedImage.TYPE_INT_RGB), "png", small);
    var request = avatar(QUICK);
    request.put("image", Base64.getEncoder().encodeToString(small.toByteArray()));

    var answer = untilEnded(AVATAR, create(AVATAR, request));

    assertThat(answer.path("task_status").asText()).isEqualTo("failed");
    assertThat(answer.path("task_status_msg").asText()).isEqualTo("Image pixel is invalid");
    assertThat(answer.path("final_unit_deduction").asText()).isEqualTo("0");
  }

  @Test
  void withoutAKeyTheStatusIs401() throws Exception {
    var request = HttpRequest.newBuilder(provider.baseUrl().resolve(AVATAR + "/1")).build();

    var response =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray());

    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(json(response).path("code").asInt()).isEqualTo(1001);
  }

  @Test
  void anUnknownTaskIs404AndTheDialectsDoNotShareTasks() throws Exception {
    var id = create(AVATAR, avatar(QUICK));
    var unknown = client.get(AVATAR + "/123456789012345678");

    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(json(unknown).path("code").asInt()).isEqualTo(1203);
    assertThat(json(unknown).has("data")).isFalse();
    assertThat(json(client.record(id)).path("code").asInt()).isEqualTo(422);
  }

  @ParameterizedTest
  @CsvSource({
    "[refuse 402],429,1102,Credits insufficient",
    "[refuse 1303],429,1303,parallel task over resource pack limit",
    "[refuse 1301 blocked],400,1301,blocked",
    "[refuse 455],503,5001,The server is currently",
    "[refuse 401],401,1000,Unauthorized"
  })
  void refuseIsAnsweredInKlingsCodes(String prompt, int status, int code, String message)
      throws Exception {
    assertRefused(avatar(prompt), status, code, message);
  }

  @Test
  void refuseTwiceGivesInTheThirdTime() throws Exception {
    var request = avatar(QUICK + "[refuse-twice 1302]");
    assertRefused(request, 429, 1302, "The API request is too fast");
    assertRefused(request, 429, 1302, "The API request is too fast");
    create(AVATAR, request);
  }

  @Test
  void aFailedTaskSaysWhyInItsStatusMessageOnly() throws Exception {
    var id = create(AVATAR, avatar(QUICK + "[fail 1301 Failure to pass the risk control system]"));
    untilEnded(AVATAR, id);

    var answer = json(client.get(AVATAR + "/" + id));

    assertThat(answer.path("code").asInt(-1)).isZero();
    assertThat(answer.path("message").asText()).isEqualTo("SUCCEED");
    assertThat(answer.at("/data/task_status_msg").asText())
        .isEqualTo("Failure to pass the risk control system");
    assertThat(answer.at("/data/task_result")).isEmpty();
  }

  @Test
  void htmlAndOddStatesComeTwice() throws Exception {
    var html = create(AVATAR, avatar(QUICK + "[html]"));
    assertThat(client.get(AVATAR + "/" + html).headers().firstValue("content-type"))
        .contains("text/html");
    assertThat(client.get(AVATAR + "/" + html).statusCode()).isEqualTo(502);
    assertThat(untilEnded(AVATAR, html).path("task_status").asText()).isEqualTo("succeed");
    var odd = create(AVATAR, avatar(QUICK + "[odd-state]"));
    assertThat(query(AVATAR, odd).path("task_status").asText()).isEqualTo("reviewing");
    assertThat(query(AVATAR, odd).path("task_status").asText()).isEqualTo("reviewing");
    assertThat(untilEnded(AVATAR, odd).path("task_status").asText()).isEqualTo("succeed");
  }

  @Test
  void resultsMayBeNoneTwoBrokenOrExpired() throws Exception {
    assertThat(run("[no-url]").at("/task_result/videos")).isEmpty();
    var two = run("[two-results]");
    assertThat(two.at("/task_result/videos")).hasSize(2);
    assertThat(Movie.read(download(url(two, 1))).frames()).isEqualTo(116);
    var broken = download(url(run("[broken-video]"), 0));
    assertThatThrownBy(() -> Movie.read(broken)).isInstanceOf(IOException.class);
    var expired = run("[expired-url]");
    assertThat(client.fetch(url(expired, 0)).statusCode()).isEqualTo(403);
    query(AVATAR, expired.path("task_id").asText());
    assertThat(client.fetch(url(expired, 0)).statusCode()).isEqualTo(200);
  }

  @Test
  void aDroppedAnswerIsABare502ForATaskThatCanBeLookedUp() throws Exception {
    var request = avatar(QUICK + "[drop]").put("external_task_id", "dropped");

    var response = client.post(AVATAR, request);

    assertThat(response.statusCode()).isEqualTo(502);
    assertThat(response.body()).isEmpty();
    assertThat(untilEnded(AVATAR, "dropped").path("task_status").asText()).isEqualTo("succeed");
  }

  @Test
  void aSandboxThatStartsAgainKnowsItsTasksAndTheClientsIds() throws Exception {
    var work = downloads.resolve("again");
    String id;
    try (var first = SandboxProvider.start(work, 0)) {
      var request = avatar("[slow 1s]").put("external_task_id", "kept");
      id = create(new SandboxClient(first.baseUrl()), AVATAR, request);
    }

    try (var second = SandboxProvider.start(work, 0)) {
      var caller = new SandboxClient(second.baseUrl());
      var done = untilEnded(caller, AVATAR, "kept");
      assertThat(done.path("task_id").asText()).isEqualTo(id);
      assertThat(url(done, 0)).startsWith(second.baseUrl().toString());
      assertThat(caller.fetch(url(done, 0)).statusCode()).isEqualTo(200);
      var again = caller.post(AVATAR, avatar("").put("external_task_id", "kept"));
      assertThat(again.statusCode()).isEqualTo(400);
    }
    assertThat(Files.readString(work.resolve("tasks/" + id + ".json")))
        .as("no media in what is kept")
        .hasSizeLessThan(2000);
  }

  private static void assertRefused(ObjectNode request, int status, int code, String message)
      throws Exception {
    var response = client.post(AVATAR, request);
    assertThat(json(response).path("message").asText()).startsWith(message);
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(json(response).path("code").asInt()).isEqualTo(code);
    assertThat(json(response).has("data")).isFalse();
  }

  private static JsonNode run(String words) throws Exception {
    return untilEnded(AVATAR, create(AVATAR, avatar(QUICK + words)));
  }

  private static String create(String path, JsonNode request) throws Exception {
    return create(client, path, request);
  }

  private static String create(SandboxClient caller, String path, JsonNode request)
      throws Exception {
    var created = json(caller.post(path, request));
    assertThat(created.path("code").asInt(-1)).as("%s", created).isZero();
    return created.at("/data/task_id").asText();
  }

  private static JsonNode query(String path, String id) throws Exception {
    return json(client.get(path + "/" + id)).path("data");
  }

  private static JsonNode untilEnded(String path, String id) {
    return untilEnded(client, path, id);
  }

  private static JsonNode untilEnded(SandboxClient caller, String path, String id) {
    return Patience.await()
        .pollInterval(Duration.ofMillis(50))
        .ignoreException(UncheckedIOException.class)
        .until(
            () -> json(caller.get(path + "/" + id)).path("data"),
            data -> data.path("task_status").asText().matches("succeed|failed"));
  }

  private static String url(JsonNode data, int n) {
    return data.at("/task_result/videos/" + n + "/url").asText();
  }

  private static double units() throws Exception {
    return json(client.get("/kling/account/costs"))
        .at("/data/resource_pack_subscribe_infos/0/remaining_quantity")
        .asDouble();
  }

  private static ObjectNode avatar(String prompt) throws IOException {
    return SandboxClient.JSON
        .createObjectNode()
        .put("image", base64(portrait))
        .put("audio_id", "")
        .put("sound_file", base64(voice))
        .put("prompt", prompt)
        .put("mode", "std")
        .put("callback_url", "")
        .put("external_task_id", "");
  }

  private static String base64(Path file) throws IOException {
    return Base64.getEncoder().encodeToString(Files.readAllBytes(file));
  }

  private Path download(String url) throws Exception {
    return Files.write(Files.createTempFile(downloads, "v", ".mp4"), client.fetch(url).body());
  }
}
