package io.klingdrop;

import static io.klingdrop.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.klingdrop.control.Klingdrop;
import io.klingdrop.control.StartException;
import io.klingdrop.http.Passwords;
import io.klingdrop.job.JobState;
import io.klingdrop.settings.SettingsException;
import io.klingdrop.testing.AppProcess;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.Http;
import io.klingdrop.testing.RawHttp;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    var large = http.post("/callback/kie/nobody", "x".repeat(300_000));
    assertThat(large.statusCode()).isEqualTo(413);
    assertThat(Http.json(large).at("/error/status").asInt()).isEqualTo(413);
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
        .set("klingdrop.http.password-hash", Passwords.hash("open sesame".toCharArray()));
    place.start().awaitHttp(http);
    assertThat(http.get("/observe/health").statusCode()).isEqualTo(200);
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
    var hash = Passwords.hash("open sesame".toCharArray());
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
    try (var other = taken(8080)) {
      assertThat(other).isNotNull();
      TestMedia.pair(place.inbox("avatar"), "one", 1);
      assertThat(place.drain()).isZero();
      assertThat(place.job("one").state()).isEqualTo(JobState.DELIVERED);

      place.set("klingdrop.callback.public-url", "https://studio.example");
      assertThatThrownBy(() -> new Klingdrop(place.settings()))
          .isInstanceOf(StartException.class)
          .hasMessageContaining("klingdrop.http.port");
    }
  }

  /** Holds that port, if nobody else does already; nothing needs to be closed then. */
  private static AutoCloseable taken(int port) {
    try {
      return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      return () -> {};
    }
  }

  @Test
  void aFolderThatIsGoneIsNotReadyAndSaysWhy() throws Exception {
    place.start().awaitHttp(http);
    Files.move(folder.resolve("outbox"), folder.resolve("unmounted"));
    await()
        .untilAsserted(
            () -> {
              var health = http.get("/observe/health/ready");
              assertThat(health.statusCode()).isEqualTo(503);
              assertThat(health.body()).contains("outbox", "is gone");
            });
    assertThat(http.get("/observe/health/live").statusCode()).isEqualTo(200);
    Files.move(folder.resolve("unmounted"), folder.resolve("outbox"));
    await().until(() -> http.get("/observe/health").statusCode() == 200);
  }
}
