package io.klingdrop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.klingdrop.job.JobState;
import io.klingdrop.testing.Endpoint;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.Http;
import io.klingdrop.testing.RawHttp;
import io.klingdrop.testing.TaskPlan;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operator's API, called over HTTP while the program runs. */
class OpsApiTest {
  @TempDir private Path folder;
  private FakeKie kie;
  private Workplace place;
  private Http http;

  @BeforeEach
  void open() {
    kie = FakeKie.start();
    place = new Workplace(folder, kie);
    http = place.http();
  }

  @AfterEach
  void close() throws Exception {
    place.close();
    kie.close();
  }

  private JsonNode get(String path) {
    var response = http.get(path);
    assertThat(response.statusCode()).as(path + " " + response.body()).isEqualTo(200);
    return Http.json(response);
  }

  @Test
  void jobsAreListedByPageStateClassProfileAndText() throws Exception {
    kie.plan().next(TaskPlan.fails("501", "Generation failed"));
    place.atDayBreak().start().awaitHttp(http);
    TestMedia.pair(place.inbox("avatar"), "bad_one", 1);
    place.awaitJobs(JobState.FAILED, 1);
    for (int i = 0; i < 4; i++) {
      TestMedia.pair(place.inbox("avatar"), "good" + i, 10 + i);
    }
    place.awaitJobs(JobState.DELIVERED, 4);

    var seen = new HashSet<String>();
    var next = "";
    var pages = 0;
    do {
      var page = get("/ops/api/jobs?limit=2" + (next.isEmpty() ? "" : "&after=" + next));
      page.path("jobs").forEach(job -> assertThat(seen.add(job.path("job").asText())).isTrue());
      next = page.path("next").asText("");
      pages++;
    } while (!next.isEmpty() && !next.equals("null"));
    assertThat(seen).hasSize(5);
    assertThat(pages).isEqualTo(3);
    assertThat(get("/ops/api/jobs?state=failed").path("jobs")).hasSize(1);
    assertThat(get("/ops/api/jobs?class=generation").path("jobs")).hasSize(1);
    assertThat(get("/ops/api/jobs?profile=avatar").path("jobs")).hasSize(5);
    assertThat(get("/ops/api/jobs?profile=other").path("jobs")).isEmpty();
    assertThat(get("/ops/api/jobs?text=D_O").path("jobs")).hasSize(1);
    assertThat(get("/ops/api/jobs?text=%25").path("jobs")).isEmpty();
    for (var wrong : new String[] {"state=x", "class=x", "limit=0", "limit=9999", "after=';--"}) {
      assertThat(RawHttp.get(http, "/ops/api/jobs?" + wrong, "Host: localhost"))
          .as(wrong)
          .startsWith("HTTP/1.1 400");
    }
    assertThat(get("/ops/api/counts").at("/states/DELIVERED").asInt()).isEqualTo(4);
    assertThat(http.get("/observe/metrics").body())
        .contains(
            "# TYPE klingdrop_jobs gauge",
            "klingdrop_jobs{state=\"DELIVERED\"} 4",
            "klingdrop_failed_jobs{class=\"generation\"} 1",
            "klingdrop_provider_calls_total{account=\"kie\",call=\"createTask\",outcome=\"ok\"} 5",
            "klingdrop_credits_today{profile=\"avatar\"} 400",
            "klingdrop_ready 1");
    assertThat(get("/ops/api/spending").path("credits").asDouble()).isEqualTo(400);
  }

  @Test
  void aJobShowsItsTimelineItsPictureAndItsVideo() throws Exception {
    place.start().awaitHttp(http);
    var pair = TestMedia.pair(place.inbox("avatar"), "one", 1);
    place.awaitJobs(JobState.DELIVERED, 1);
    place.await(() -> place.tree("archive").size() == 2);
    var job = get("/ops/api/jobs/" + place.onlyJob().id());
    assertThat(job.path("timeline")).hasSizeGreaterThan(4);
    assertThat(job.at("/sources/0/sha256").asText()).isNotEmpty();
    var nobody = http.get("/ops/api/jobs/nobody");
    assertThat(nobody.statusCode()).isEqualTo(404);
    assertThat(Http.json(nobody).at("/error/code").asText()).isEqualTo("no-such-job");

    var video = job.at("/results/0/href").asText();
    var bytes = kie.resultBytes(place.onlyJob().taskId(), 1);
    var whole = http.bytes(http.to(video).build());
    assertThat(whole.statusCode()).isEqualTo(200);
    assertThat(whole.body()).isEqualTo(bytes);
    assertThat(whole.headers().firstValue("Content-Type")).hasValue("video/mp4");
    var part = http.bytes(http.to(video).header("Range", "bytes=5-9").build());
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.headers().firstValue("Content-Range")).hasValue("bytes 5-9/" + bytes.length);
    assertThat(part.body()).isEqualTo(java.util.Arrays.copyOfRange(bytes, 5, 10));
    var last = http.bytes(http.to(video).header("Range", "bytes=-3").build());
    assertThat(last.body())
        .isEqualTo(java.util.Arrays.copyOfRange(bytes, bytes.length - 3, bytes.length));
    var beyond = http.bytes(http.to(video).header("Range", "bytes=99999999-").build());
    assertThat(beyond.statusCode()).isEqualTo(416);
    var portrait = http.bytes(http.to(job.path("portrait").asText()).build());
    assertThat(portrait.headers().firstValue("Content-Type")).hasValue("image/png");
    assertThat(io.klingdrop.testing.Digests.sha256(portrait.body())).isEqualTo(pair.imageSha256());
    assertThat(http.get(video.replaceFirst("1$", "2")).statusCode()).isEqualTo(404);
  }

  @Test
  void verbsWorkOnManyJobsAndSayWhatTheyDidToEach() throws Exception {
    kie.plan().always(TaskPlan.fails("501", "Generation failed"));
    place.start().awaitHttp(http);
    TestMedia.pair(place.inbox("avatar"), "a", 1);
    TestMedia.pair(place.inbox("avatar"), "b", 2);
    place.awaitJobs(JobState.FAILED, 2);
    place.await(() -> place.jobs().stream().allMatch(job -> job.filed()));
    kie.plan().always(TaskPlan.succeeds());
    var ids = "[\"%s\",\"%s\",\"nobody\"]".formatted(place.job("a").id(), place.job("b").id());

    var unpaid = http.post("/ops/api/actions/resubmit", "{\"jobs\":" + ids + "}");
    assertThat(unpaid.statusCode()).isEqualTo(422);
    var dry =
        Http.json(http.post("/ops/api/actions/resubmit", "{\"jobs\":" + ids + ",\"dryRun\":true}"));
    assertThat(dry.at("/jobs/0/message").asText()).contains("credits");
    assertThat(dry.at("/jobs/0/done").asBoolean()).isFalse();
    var paid =
        Http.json(http.post("/ops/api/actions/resubmit", "{\"jobs\":" + ids + ",\"pay\":true}"));
    assertThat(paid.path("done").asInt()).isEqualTo(2);
    assertThat(paid.path("refused").asInt()).isEqualTo(1);
    place.awaitJobs(JobState.DELIVERED, 2);
    place.await(() -> place.jobs().stream().allMatch(job -> job.filed()));
    var late =
        Http.json(
            http.post("/ops/api/actions/cancel", "{\"jobs\":[\"" + place.job("a").id() + "\"]}"));
    assertThat(late.at("/jobs/0/message").asText()).contains("DELIVERED");
    assertThat(late.at("/jobs/0/code").asText()).isEqualTo("wrong-state");
    assertThat(http.post("/ops/api/actions/cancel", "nonsense").statusCode()).isEqualTo(400);
    assertThat(http.post("/ops/api/actions/cancel", "{}").statusCode()).isEqualTo(422);
    assertThat(kie.createCalls()).isEqualTo(4);
  }

  @Test
  void whatADrawingNeedsIsToldOfJobsMoneyAndHours() throws Exception {
    place.set("klingdrop.budget.credits-per-day", "40");
    kie.plan().next(TaskPlan.fails("501", "Generation failed"));
    kie.plan().always(TaskPlan.succeeds().held());
    place.start().awaitHttp(http);
    TestMedia.pair(place.inbox("avatar"), "bad", 1);
    place.awaitJobs(JobState.FAILED, 1);
    TestMedia.pair(place.inbox("avatar"), "slow", 2);
    TestMedia.pair(place.inbox("avatar"), "other", 3);
    place.awaitJobs(JobState.RUNNING, 2);
    TestMedia.pair(place.inbox("avatar"), "poor", 4);
    place.await(() -> get("/ops/api/spending").path("held").asInt() == 1);

    var slow = get("/ops/api/jobs/" + place.job("slow").id());
    assertThat(slow.path("expectedMillis").asLong()).isGreaterThan(1000);
    assertThat(slow.path("elapsedMillis").asLong()).isBetween(0L, 60_000L);
    assertThat(get("/ops/api/jobs?text=poor").at("/jobs/0/held").asText())
        .contains("klingdrop.budget.credits-per-day");
    var bad = get("/ops/api/jobs/" + place.job("bad").id());
    assertThat(bad.at("/attemptList/0/charged").asText()).isEqualTo("no");
    assertThat(bad.at("/attemptList/0/failMessage").asText()).contains("Generation failed");
    assertThat(get("/ops/api/spending").path("cap").asDouble()).isEqualTo(40);
    var figures = get("/ops/api/figures");
    assertThat(figures.path("hours")).hasSize(24);
    assertThat(figures.at("/hours/23/failed").asInt() + figures.at("/hours/22/failed").asInt())
        .isEqualTo(1);
    assertThat(figures.at("/failures/generation").asInt()).isEqualTo(1);
    place.await(() -> place.job("bad").filed());
    var dry =
        http.post(
            "/ops/api/actions/resubmit",
            "{\"jobs\":[\"%s\",\"%s\"],\"dryRun\":true}"
                .formatted(place.job("bad").id(), place.job("slow").id()));
    assertThat(Http.json(dry).path("credits").asDouble()).isEqualTo(16);
    assertThat(Http.json(dry).path("unknownPrices").asInt()).isZero();
  }

  @Test
  void theCreditsLeftAreAskedForOnceAMinuteAtMost() throws Exception {
    kie.balance("941.5");
    place.start().awaitHttp(http);
    place.await(() -> !get("/ops/api/credits").path("accounts").isEmpty());
    for (int i = 0; i < 3; i++) {
      var credits = get("/ops/api/credits");
      assertThat(credits.path("accounts")).hasSize(1);
      assertThat(credits.at("/accounts/0/provider").asText()).isEqualTo("kie");
      assertThat(credits.at("/accounts/0/left").asDouble()).isEqualTo(941.5);
    }
    assertThat(kie.calls(Endpoint.CREDIT)).isEqualTo(1);
  }

  @Test
  void thePageIsSentOnceAndThenOnlyIfItHasChanged() throws Exception {
    place.start().awaitHttp(http);
    for (var file : new String[] {"", "app.js", "style.css", "icon.svg"}) {
      var first = http.get("/ops/" + file);
      assertThat(first.statusCode()).as(file).isEqualTo(200);
      assertThat(first.headers().firstValue("Content-Security-Policy").orElse(""))
          .contains("default-src 'self'");
      var tag = first.headers().firstValue("ETag").orElseThrow();
      var again = http.send(http.to("/ops/" + file).header("If-None-Match", tag).build());
      assertThat(again.statusCode()).as(file).isEqualTo(304);
    }
    assertThat(http.get("/ops/").body()).doesNotContain("<style", "onclick=", "http");
    assertThat(http.get("/").headers().firstValue("Location")).hasValue("/ops/");
    assertThat(http.get("/ops/../secret.txt").statusCode()).isEqualTo(404);
    assertThat(http.get("/ops/nothing.js").statusCode()).isEqualTo(404);
    assertThat(http.post("/ops/", "{}").statusCode()).isEqualTo(405);
  }

  private HttpResponse<String> upload(String key, String profile, Path... files)
      throws IOException {
    var out = new ByteArrayOutputStream();
    field(out, "profile", profile);
    for (var file : files) {
      file(
          out,
          file.toString().endsWith(".png") ? "image" : "audio",
          file.getFileName().toString(),
          Files.readAllBytes(file));
    }
    return post(key, out);
  }

  private static void file(ByteArrayOutputStream out, String field, String name, byte[] bytes)
      throws IOException {
    out.write(
        ("--edge\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\n"
                + "Content-Type: application/octet-stream\r\n\r\n")
            .formatted(field, name)
            .getBytes(StandardCharsets.UTF_8));
    out.write(bytes);
    out.write("\r\n".getBytes(StandardCharsets.UTF_8));
  }

  private HttpResponse<String> post(String key, ByteArrayOutputStream out) throws IOException {
    out.write("--edge--\r\n".getBytes(StandardCharsets.UTF_8));
    return http.send(
        http.to("/ops/api/bundles")
            .header("Content-Type", "multipart/form-data; boundary=edge")
            .header("X-Klingdrop", "1")
            .header("CamelFileName", "evil.png")
            .header("CamelHttpUri", "http://evil.example")
            .header("Idempotency-Key", key)
            .POST(BodyPublishers.ofByteArray(out.toByteArray()))
            .build());
  }

  private static void field(ByteArrayOutputStream out, String name, String value)
      throws IOException {
    out.write(
        "--edge\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
            .formatted(name, value)
            .getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aBundleThatIsPostedBecomesOneJobHoweverOftenItIsSent() throws Exception {
    place.start().awaitHttp(http);
    var made = TestMedia.pair(Files.createDirectories(folder.resolve("made")), "posted", 1);
    var first = upload("key-1", "avatar", made.image(), made.audio());
    assertThat(first.statusCode()).as(first.body()).isIn(201, 202);
    var id = Http.json(first).path("job").asText();
    place.awaitJobs(JobState.DELIVERED, 1);
    assertThat(place.onlyJob().id()).as("the id is told at once").isEqualTo(id);
    assertThat(Http.json(http.get("/ops/api/bundles/" + id)).path("state").asText())
        .isEqualTo("DELIVERED");
    var again = upload("key-1", "avatar", made.image(), made.audio());
    assertThat(place.tree("inbox")).isEmpty();
    assertThat(again.statusCode()).isEqualTo(201);
    assertThat(Http.json(again).path("job").asText()).isEqualTo(place.onlyJob().id());
    assertThat(again.headers().firstValue("Location"))
        .hasValue("/ops/api/jobs/" + place.onlyJob().id());
    assertThat(place.jobs()).hasSize(1);
    assertThat(kie.createCalls()).isEqualTo(1);
    assertThat(place.tree("outbox"))
        .contains("avatar/posted.mp4")
        .noneMatch(n -> n.contains("evil"));
    assertThat(upload("key-2", "nobody", made.image()).statusCode()).isEqualTo(422);
    assertThat(upload("key-3", "avatar", made.audio()).statusCode()).isEqualTo(400);
    var other = upload("key-1", "avatar", made.image(), made.image());
    assertThat(other.statusCode()).as(other.body()).isEqualTo(400);
    var longer = TestMedia.pair(Files.createDirectories(folder.resolve("made")), "longer", 2);
    var reused = upload("key-1", "avatar", longer.image(), longer.audio());
    assertThat(reused.statusCode()).as(reused.body()).isEqualTo(422);
    assertThat(Http.json(reused).at("/error/code").asText()).isEqualTo("idempotency-key-reused");
    // what is paid for already becomes a job of its own, which tells so
    var known = upload("key-4", "avatar", made.image(), made.audio());
    assertThat(Http.json(known).path("job").asText()).isNotEqualTo(id);
    place.awaitJobs(JobState.DUPLICATE, 1);
    assertThat(Http.json(http.get("/ops/api/bundles/nobody")).at("/error/code").asText())
        .isEqualTo("no-such-bundle");
    place.await(() -> place.tree("data/spool").isEmpty());
  }

  private record Part(String field, String file) {}

  /** Posts small files that are none, as long as nobody looks into them. */
  private HttpResponse<String> parts(String name, Part... parts) throws IOException {
    var out = new ByteArrayOutputStream();
    field(out, "profile", "avatar");
    if (!name.isEmpty()) {
      field(out, "name", name);
    }
    for (var part : parts) {
      file(out, part.field(), part.file(), part.file().getBytes(StandardCharsets.UTF_8));
    }
    return post(java.util.UUID.randomUUID().toString(), out);
  }

  private void refused(String code, String name, Part... parts) throws IOException {
    var answer = parts(name, parts);
    assertThat(answer.statusCode()).as(code + answer.body()).isEqualTo(400);
    assertThat(Http.json(answer).at("/error/code").asText()).isEqualTo(code);
    assertThat(Http.json(answer).at("/error/message").asText()).doesNotContainPattern("[\\p{Cc}]");
    for (var language : java.util.List.of("en.js", "zh.js")) {
      assertThat(Path.of("src/main/resources/ops").resolve(language))
          .content()
          .contains("'error." + code + "'");
    }
  }

  @Test
  void whatIsNoBundleIsRefusedInWordsAndALongNameIsCut() throws Exception {
    place.set("klingdrop.inbox.settle", "10m");
    place.start().awaitHttp(http);
    var image = new Part("image", "a.png");
    var audio = new Part("audio", "a.wav");
    for (var name : java.util.List.of("../../x", "/etc/x", "..", "a\tb", "a\\b")) {
      refused("bundle-bad-name", name, image, audio);
    }
    // backslashes and control characters in the name of a part the decoder takes out itself
    for (var file : java.util.List.of("../../a.png", "/etc/a.png")) {
      refused("bundle-bad-name", "", new Part("image", file), audio);
    }
    for (var name : java.util.List.of(".x", "~$x", "_image")) {
      refused("bundle-reserved-name", name, image, audio);
    }
    refused("bundle-reserved-name", "error", image, audio, new Part("sidecar", "a.json"));
    refused("bundle-reserved-name", "_defaults", image, audio, new Part("sidecar", "a.yaml"));
    refused("bundle-too-many", "", image, audio, new Part("second", "b.jpg"));
    refused("bundle-file-kind", "", image, audio, new Part("sidecar", "a.exe"));
    refused("field-each", "", image, audio, new Part("image", "b.png"));
    refused("field-each", "", image, audio, new Part("again", "a.png"));
    refused("bundle-no-recording", "", image);
    refused("bundle-no-picture", "", audio);
    refused("bundle-no-picture", "");
    assertThat(place.tree("inbox")).isEmpty();

    var tall = parts("\u6587".repeat(86), new Part("image", "a.heic"), audio);
    assertThat(tall.statusCode()).as(tall.body()).isEqualTo(202);
    var first = parts("anna", image, audio);
    var second = parts("ANNA", image, audio, new Part("sidecar", "a.txt"));
    assertThat(Http.json(second).path("name").asText()).isEqualTo("ANNA~2");
    assertThat(Http.json(first).path("job")).isNotEqualTo(Http.json(second).path("job"));
    var waiting = http.get(Http.json(first).path("location").asText());
    assertThat(waiting.statusCode()).isEqualTo(202);
    assertThat(Http.json(waiting)).isEqualTo(Http.json(first));
    assertThat(place.tree("inbox")).hasSize(7);
    for (var file : place.tree("inbox")) {
      Files.delete(folder.resolve("inbox").resolve(file));
    }
    assertThat(http.get("/ops/api/bundles/" + Http.json(first).path("job").asText()).statusCode())
        .isEqualTo(410);
  }

  @Test
  void theDocumentNamesNothingThatDoesNotAnswer() throws Exception {
    place.start().awaitHttp(http);
    var document = get("/ops/api/openapi.json");
    assertThat(document.path("openapi").asText()).startsWith("3.");
    var paths = new HashSet<String>();
    document
        .path("paths")
        .properties()
        .forEach(
            path -> {
              paths.add(path.getKey());
              var real = path.getKey().replaceAll("\\{[^}]+}", "x");
              path.getValue()
                  .fieldNames()
                  .forEachRemaining(
                      method -> {
                        var answer = asked(method, real);
                        assertThat(answer).as(method + real).doesNotContain("nothing at this path");
                        assertThat(answer).as(method + real).doesNotStartWith("405");
                      });
            });
    assertThat(paths)
        .containsAll(
            Set.of(
                "/observe/health",
                "/ops/api/jobs",
                "/ops/api/jobs/{id}",
                "/ops/api/bundles",
                "/ops/api/events",
                "/ops/api/actions/resubmit"));
  }

  private String asked(String method, String path) {
    if (path.endsWith("/events")) {
      return "200";
    }
    var response = method.equals("get") ? http.get(path) : http.post(path, "{}");
    return response.statusCode() + response.body();
  }

  @Test
  void changesAreToldAsTheyHappen() throws Exception {
    place.start().awaitHttp(http);
    try (var lines =
        new BufferedReader(
            new InputStreamReader(
                http.stream(http.to("/ops/api/events").build()).body(), StandardCharsets.UTF_8))) {
      TestMedia.pair(place.inbox("avatar"), "one", 1);
      String line;
      do {
        line = lines.readLine();
      } while (line != null && !line.contains("\"DELIVERED\":1"));
      assertThat(line).startsWith("data: ");
    }
  }
}
