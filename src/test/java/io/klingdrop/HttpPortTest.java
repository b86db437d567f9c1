package io.klingdrop;

import static io.klingdrop.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.klingdrop.app.Klingdrop;
import io.klingdrop.files.AtomicFiles;
import io.klingdrop.job.JobState;
import io.klingdrop.process.StartException;
import io.klingdrop.settings.SettingsException;
import io.klingdrop.testing.AppProcess;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.Http;
import io.klingdrop.testing.QuickPassword;
import io.klingdrop.testing.RawHttp;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.UsualPort;
import io.klingdrop.testing.Workplace;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The one port: who may ask what, and what every answer carries. */
class HttpPortTest {
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

  @Test
  void healthAnswersFromTheReadyLineOn() throws Exception {
    try (var app = AppProcess.start(folder, place.environment()).awaitReady()) {
      var health = http.get("/observe/health");
      assertThat(health.statusCode()).as(health.body()).isEqualTo(200);
      assertThat(Http.json(health).path("status").asText()).isEqualTo("UP");
      app.terminate();
      app.exitCode();
    }
  }

  @Test
  void everyAnswerTellsBrowsersToBeCareful() {
    place.start().awaitHttp(http);
    for (var path : new String[] {"/observe/health", "/ops/api/nothing", "/", "/callback/kie/x"}) {
      var headers = http.get(path).headers();
      assertThat(headers.firstValue("X-Content-Type-Options")).as(path).hasValue("nosniff");
      assertThat(headers.firstValue("Cross-Origin-Resource-Policy"))
          .as(path)
          .hasValue("same-origin");
      assertThat(headers.firstValue("Content-Security-Policy").orElse(""))
          .contains("default-src 'self'", "frame-ancestors 'none'")
          .doesNotContain("unsafe-inline");
    }
  }

  /**
   * A body whose end two readers see in different places hides a second request from a proxy in
   * front of this port. The hidden one asks for a path that nothing else here asks for.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: LENGTH\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "Content-Length: LENGTH\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n100000000\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n1;x=\"\r\n\"\r\nA\r\n0\r\n\r\n",
        "Transfer-Encoding: \u000bchunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n",
        "Content-Length: +0\r\n\r\n",
        "Content-Length: 0\r\nContent-Length: 5\r\n\r\n",
      })
  void noRequestHidesInTheBodyOfAnother(String form) throws Exception {
    place.start().awaitHttp(http);
    var here = "Host: localhost:" + http.at("/").getPort() + "\r\n";
    var hidden = "GET /hidden HTTP/1.1\r\n" + here + "Connection: close\r\n\r\n";
    var body = form.substring(form.indexOf("\r\n\r\n") + 4) + hidden;
    var head = form.substring(0, form.length() - body.length() + hidden.length());
    var answers =
        RawHttp.answers(
            http,
            "GET /observe/health HTTP/1.1\r\n"
                + here
                + head.replace("LENGTH", Integer.toString(body.length()))
                + body);
    assertThat(answers.split("HTTP/1.1 ", -1)).as(answers).hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void wrongPathsAndVerbsAreToldInJson() {
    place.start().awaitHttp(http);
    var nothing = http.get("/ops/api/nothing");
    assertThat(nothing.statusCode()).isEqualTo(404);
    assertThat(Http.json(nothing).at("/error/status").asInt()).isEqualTo(404);
    var wrong = http.post("/observe/health", "{}");
    assertThat(wrong.statusCode()).isEqualTo(405);
    assertThat(wrong.headers().firstValue("Allow")).hasValue("GET");
    assertThat(Http.json(wrong).at("/error/message").asText()).contains("GET");
  }

  @Test
  void aBodyBeyondItsLimitIsRefused() {
    place.start().awaitHttp(http);
    var large = http.post("/ops/api/actions/recheck", "x".repeat(300_000));
    assertThat(large.statusCode()).isEqualTo(413);
    assertThat(Http.json(large).at("/error/status").asInt()).isEqualTo(413);
  }

  @Test
  void aCallbackWithoutASecretIsAnsweredBeforeItsBody() throws Exception {
    place.set("klingdrop.callback.public-url", http.at("").toString());
    place.start().awaitHttp(http);
    try (var socket = new Socket("127.0.0.1", http.at("").getPort())) {
      socket.setSoTimeout(20_000);
      // half of what is announced, and then nothing
      var half = "POST /callback/kie/guess HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n";
      socket.getOutputStream().write((half + "x".repeat(30_000)).getBytes(StandardCharsets.UTF_8));
      var first = new String(socket.getInputStream().readNBytes(12), StandardCharsets.UTF_8);
      assertThat(first).isEqualTo("HTTP/1.1 404");
    }
  }

  @Test
  void callbacksHaveAPortOfTheirOwnWhereNothingElseIs() throws Exception {
    var door = Http.freePort();
    place
        .set("klingdrop.callback.port", Integer.toString(door))
        .set("klingdrop.callback.public-url", "http://127.0.0.1:" + door);
    place.start().awaitHttp(http);
    var outside = new Http(door);
    for (var path : new String[] {"/", "/ops/", "/ops/api/counts", "/observe/health"}) {
      assertThat(outside.get(path).statusCode()).as(path).isEqualTo(404);
    }
    kie.holdTasks();
    TestMedia.pair(place.inbox("avatar"), "one", 1);
    place.awaitJobs(JobState.RUNNING, 1);
    var url = kie.accepted().get(0).callBackUrl().orElseThrow();
    var path = URI.create(url).getPath();
    assertThat(url).startsWith("http://127.0.0.1:" + door + "/callback/kie/");
    assertThat(http.post(path, "{}").statusCode()).isEqualTo(404);
    assertThat(outside.post(path, "x".repeat(70_000)).statusCode()).isEqualTo(413);
    assertThat(outside.post(path, "{}").statusCode()).isNotEqualTo(404);
  }

  @Test
  void withCallbacksAndWithoutALoginTheOperatorBringsTheToken() throws Exception {
    place.set("klingdrop.callback.public-url", http.at("").toString());
    place.start().awaitHttp(http);
    var file = folder.resolve("data/operator-token");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    var token = Files.readString(file).strip();
    var stranger = http.get("/ops/api/counts");
    assertThat(stranger.statusCode()).isEqualTo(401);
    assertThat(Http.json(stranger).at("/error/code").asText()).isEqualTo("token");
    assertThat(http.post("/ops/api/actions/cancel", "{}").statusCode()).isEqualTo(401);
    assertThat(http.get("/ops/?token=guess").statusCode()).isEqualTo(401);
    assertThat(status("/ops/api/counts", "Authorization", "Bearer " + token)).isEqualTo(200);
    assertThat(status("/ops/api/counts", "Authorization", "Bearer x" + token)).isEqualTo(401);
    var given = http.get("/ops/?token=" + token);
    assertThat(given.statusCode()).isEqualTo(302);
    assertThat(given.headers().firstValue("Location")).hasValue("/ops/");
    var cookie = given.headers().firstValue("Set-Cookie").orElseThrow();
    assertThat(cookie).containsIgnoringCase("HttpOnly").contains("SameSite=Strict");
    assertThat(status("/ops/api/counts", "Cookie", cookie.split(";", -1)[0])).isEqualTo(200);
    assertThat(Http.json(http.get("/observe/health")).at("/checks/0").has("message")).isFalse();
    place.close();
    place.start().awaitHttp(http);
    assertThat(status("/ops/api/counts", "Authorization", "Bearer " + token)).isEqualTo(200);
  }

  private int status(String path, String... headers) {
    return http.send(http.to(path).headers(headers).build()).statusCode();
  }

  @Test
  void aPageOfAnotherSiteMayNotEvenRead() {
    place.start().awaitHttp(http);
    var path = "/ops/api/counts";
    assertThat(status(path, "Sec-Fetch-Site", "same-origin")).isEqualTo(200);
    for (var site : new String[] {"cross-site", "same-site"}) {
      assertThat(status(path, "Sec-Fetch-Site", site, "Sec-Fetch-Mode", "no-cors")).isEqualTo(403);
      assertThat(
              status(
                  "/ops/",
                  "Sec-Fetch-Site",
                  site,
                  "Sec-Fetch-Mode",
                  "navigate",
                  "Sec-Fetch-Dest",
                  "document"))
          .isEqualTo(200);
    }
    assertThat(http.get(path).headers().firstValue("Cross-Origin-Resource-Policy"))
        .hasValue("same-origin");
  }

  @Test
  void strangersAreToldHowItIsAndNotWhy() throws Exception {
    place.start().awaitHttp(http);
    var own = Http.json(http.get("/observe/health"));
    assertThat(own.at("/checks/0/message").asText()).isNotEmpty();
    var strange = RawHttp.get(http, "/observe/health", "Host: evil.example");
    assertThat(strange).contains("\"status\":\"UP\"", "inbox").doesNotContain("message");
  }

  @Test
  void wrongPasswordsStopNobodyElse() {
    place
        .set("klingdrop.http.user", "ann")
        .set("klingdrop.http.password-hash", QuickPassword.hash("open sesame"));
    place.start().awaitHttp(http);
    assertThat(login("ann", "open sesame")).isEqualTo(404);
    var seen = new HashSet<Integer>();
    for (int i = 0; i < 30; i++) {
      seen.add(login("ann", "guess " + i));
    }
    assertThat(seen).containsExactlyInAnyOrder(401, 429);
    assertThat(login("ann", "open sesame")).isEqualTo(404);
    http.awaitHealthy();
  }

  @Test
  void slowReadersOfAVideoStopNobodyElse() throws Exception {
    var readers = new ArrayList<Socket>();
    try {
      readOneVideo(readers);
      assertThat(http.get("/ops/api/counts").statusCode()).isEqualTo(200);
      http.awaitHealthy();
    } finally {
      for (var socket : readers) {
        socket.close();
      }
    }
  }

  @Test
  void aReaderOfAVideoWhoHangsUpIsNothingToTell() throws Exception {
    var readers = new ArrayList<Socket>();
    readOneVideo(readers);
    var said = new ListAppender<ILoggingEvent>();
    said.start();
    var root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    root.addAppender(said);
    try {
      for (var socket : readers) {
        socket.setSoLinger(true, 0);
        socket.close();
      }
      for (int i = 0; i < 10; i++) {
        http.awaitHealthy();
      }
    } finally {
      root.detachAppender(said);
    }
    assertThat(said.list).noneMatch(event -> event.getLevel().isGreaterOrEqual(Level.WARN));
  }

  /** Twenty who begin to read a video of 64 MB and stop. */
  private void readOneVideo(List<Socket> readers) throws IOException {
    place.start().awaitHttp(http);
    TestMedia.pair(place.inbox("avatar"), "one", 1);
    place.awaitJobs(JobState.DELIVERED, 1);
    try (var video = new RandomAccessFile(folder.resolve("outbox/avatar/one.mp4").toFile(), "rw")) {
      video.setLength(64L << 20);
    }
    for (int i = 0; i < 20; i++) {
      var socket = new Socket("127.0.0.1", http.at("").getPort());
      readers.add(socket);
      socket.setSoTimeout(60_000);
      var ask = "GET /ops/api/jobs/%s/results/1 HTTP/1.1\r\nHost: localhost\r\n\r\n";
      socket
          .getOutputStream()
          .write(ask.formatted(place.onlyJob().id()).getBytes(StandardCharsets.UTF_8));
      assertThat(socket.getInputStream().readNBytes(12)).asString().isEqualTo("HTTP/1.1 200");
    }
  }

  @Test
  void whatABodyDoesNotSayRightIsNotDone() {
    place.start().awaitHttp(http);
    for (var body :
        new String[] {
          "{\"jobs\":[\"a\"],\"pay\":\"true\"}",
          "{\"jobs\":[\"a\"],\"pay\":1}",
          "{\"jobs\":[\"a\"],\"pay\":true,\"dryRun\":\"yes\"}",
          "{\"jobs\":[\"a\"],\"pay\":true,\"dryrun\":true}",
          "{\"jobs\":[\"a\"],\"pay\":false,\"pay\":true}",
          "{\"jobs\":{\"a\":\"a\"},\"pay\":true}",
          "{\"jobs\":[7],\"pay\":true}",
          "{\"jobs\":[\"a\"],\"pay\":true} {}"
        }) {
      var answer = http.post("/ops/api/actions/resubmit", body);
      assertThat(answer.statusCode()).as(body).isEqualTo(400);
    }
    var fine = http.post("/ops/api/actions/resubmit", "{\"jobs\":[\"a\"],\"pay\":true}");
    assertThat(fine.statusCode()).isEqualTo(200);
  }

  @Test
  void aBadEscapeInAnAddressIsTheCallersFault() throws Exception {
    place.start().awaitHttp(http);
    for (var path : new String[] {"/ops/api/jobs?text=%zz", "/ops/%zz", "/callback/kie/%zz"}) {
      assertThat(RawHttp.get(http, path, "Host: localhost"))
          .as(path)
          .matches("(?s)HTTP/1.1 4(00|04).*");
    }
  }

  @Test
  void aNameThatLeadsHereFromElsewhereIsRefused() throws Exception {
    place.start().awaitHttp(http);
    assertThat(RawHttp.get(http, "/ops/api/nothing", "Host: evil.example"))
        .startsWith("HTTP/1.1 403");
    assertThat(RawHttp.get(http, "/ops/api/nothing", "Host: localhost:1"))
        .startsWith("HTTP/1.1 404");
    assertThat(RawHttp.get(http, "/observe/health", "Host: evil.example"))
        .startsWith("HTTP/1.1 200");
    assertThat(
            RawHttp.get(
                http, "/ops/api/nothing", "Host: localhost", "X-Forwarded-For: 198.51.100.7"))
        .startsWith("HTTP/1.1 403");
  }

  @Test
  void anotherSitesFormChangesNothing() {
    place.start().awaitHttp(http);
    var form =
        http.to("/ops/api/nothing")
            .header("Content-Type", "text/plain")
            .POST(BodyPublishers.ofString("{}"))
            .build();
    assertThat(http.send(form).statusCode()).isEqualTo(403);
    var foreign =
        http.to("/ops/api/nothing")
            .header("Content-Type", "application/json")
            .header("Origin", "https://evil.example")
            .POST(BodyPublishers.ofString("{}"))
            .build();
    assertThat(http.send(foreign).statusCode()).isEqualTo(403);
    assertThat(http.post("/ops/api/nothing", "{}").statusCode()).isEqualTo(404);
  }

  @Test
  void withAUserTheOperatorsPathsAskForThePassword() {
    place
        .set("klingdrop.http.user", "ann")
        .set("klingdrop.http.password-hash", QuickPassword.hash("open sesame"));
    place.start().awaitHttp(http);
    http.awaitHealthy();
    var unknown = http.get("/ops/api/nothing");
    assertThat(unknown.statusCode()).isEqualTo(401);
    assertThat(unknown.headers().firstValue("WWW-Authenticate").orElse("")).startsWith("Basic");
    assertThat(http.get("/observe/metrics").statusCode()).isEqualTo(401);
    assertThat(login("ann", "open barley")).isEqualTo(401);
    assertThat(login("bob", "open sesame")).isEqualTo(401);
    assertThat(login("ann", "open sesame")).isEqualTo(404);
    assertThat(login("ann", "open sesame")).isEqualTo(404);
    assertThat(login("ann", "open barley")).isEqualTo(401);
  }

  private int login(String user, String password) {
    var pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return http.send(
            http.to("/ops/api/nothing")
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair))
                .build())
        .statusCode();
  }

  @Test
  void whatOthersCanReachNeedsALogin() {
    place.set("klingdrop.http.host", "0.0.0.0");
    assertThatThrownBy(() -> place.settings())
        .isInstanceOfSatisfying(
            SettingsException.class,
            e ->
                assertThat(e.problems())
                    .singleElement()
                    .asString()
                    .contains("0.0.0.0", "klingdrop.http.user", "hash-password"));
  }

  @Test
  void theHashIsNeverPrinted() {
    var hash = QuickPassword.hash("open sesame");
    place.set("klingdrop.http.user", "ann").set("klingdrop.http.password-hash", hash);
    var settings = place.settings();
    assertThat(settings + " " + settings.http()).doesNotContain(hash);
  }

  @Test
  void aTakenPortIsToldByItsKeyAndLeavesTheFolderFree() throws Exception {
    try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      place.set("klingdrop.http.port", Integer.toString(other.getLocalPort()));
      assertThatThrownBy(() -> new Klingdrop(place.settings()))
          .isInstanceOf(StartException.class)
          .hasMessageContaining("klingdrop.http.port")
          .hasMessageContaining(Integer.toString(other.getLocalPort()));
      try (var app = AppProcess.start(folder, place.environment())) {
        assertThat(app.exitCode()).isEqualTo(2);
        assertThat(app.printed()).contains("klingdrop.http.port");
      }
    }
  }

  @Test
  void theUsualPortIsGivenUpIfAnotherHasItUnlessCallbacksNeedIt() throws Exception {
    place.set("klingdrop.http.port", "8080");
    try (var port = UsualPort.await()) {
      port.take();
      TestMedia.pair(place.inbox("avatar"), "one", 1);
      assertThat(place.drain()).isZero();
      assertThat(place.job("one").state()).isEqualTo(JobState.DELIVERED);

      place.set("klingdrop.callback.public-url", "https://studio.example");
      assertThatThrownBy(() -> new Klingdrop(place.settings()))
          .isInstanceOf(StartException.class)
          .hasMessageContaining("klingdrop.http.port");
    }
  }

  @Test
  void aFolderThatIsGoneIsNotReadyAndSaysWhy() throws Exception {
    place.start().awaitHttp(http);
    // a file in its place: a folder that is only gone is made anew where it lay
    var file = Files.createFile(folder.resolve("a file"));
    await()
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(
            () -> {
              AtomicFiles.deleteTree(folder.resolve("outbox"));
              Files.move(file, folder.resolve("outbox"));
              return true;
            });
    await()
        .untilAsserted(
            () -> {
              var health = http.get("/observe/health/ready");
              assertThat(health.statusCode()).isEqualTo(503);
              assertThat(health.body()).contains("outbox", "is gone");
            });
    assertThat(http.get("/observe/health/live").statusCode()).isEqualTo(200);
    Files.delete(folder.resolve("outbox"));
    await().until(() -> http.get("/observe/health").statusCode() == 200);
  }
}
