package io.klingdrop.outcomes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.standardwebhooks.exceptions.WebhookVerificationException;
import io.klingdrop.job.ClosedLane;
import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.Holder;
import io.klingdrop.ledger.LaneRows;
import io.klingdrop.ledger.NodeId;
import io.klingdrop.ledger.OutcomeQueue;
import io.klingdrop.ledger.OutcomeRow;
import io.klingdrop.ledger.OutcomeRows;
import io.klingdrop.settings.SettingsReader;
import io.klingdrop.testing.Listener;
import io.klingdrop.testing.Patience;
import io.klingdrop.testing.ProxyServer;
import io.klingdrop.testing.RawServer;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpHeaders;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Notices to a webhook, checked with the verifier of the standard's authors. */
class WebhookTest {
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String OLD_SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";

  @TempDir private Path folder;
  private Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
  private Database database;
  private OutcomeRows rows;
  private OutcomeQueue queue;
  private Listener listener;

  @BeforeEach
  void open() throws Exception {
    database = Database.open("jdbc:sqlite:" + folder.resolve("ledger.db"), "", "");
    rows = new OutcomeRows(database, () -> now);
    queue = new OutcomeQueue(database, Holder.alone(new NodeId("me")), () -> now);
    listener = Listener.start();
  }

  @AfterEach
  void close() {
    listener.close();
    database.close();
  }

  private Webhook webhook(String secret) {
    return webhook(listener.url("/hooks/hush-hush"), secret);
  }

  private Webhook webhook(String url, String secret) {
    var settings =
        SettingsReader.load(
            folder,
            Map.of("KLINGDROP_WEBHOOK_URL", url, "KLINGDROP_WEBHOOK_SECRET", secret),
            Map.of());
    return new Webhook(queue, settings, new EndpointBackoff(() -> now), () -> now);
  }

  /** Something happened; not the same lane twice, whose notices would wait for each other. */
  private void outcome(String provider) {
    new LaneRows(database)
        .keep(new ClosedLane(provider, "", "credit", "no credits", now, now.plusSeconds(5), 0));
  }

  private static int post(Webhook webhook) {
    var due = webhook.claimDue();
    due.forEach(webhook::post);
    return due.size();
  }

  private List<OutcomeRow> waiting() {
    return rows.waiting(100).stream().filter(row -> row.way() == OutcomeRow.Way.WEBHOOK).toList();
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }

  private static HttpHeaders headers(Listener.Post post) {
    return HttpHeaders.of(post.headers(), (name, value) -> true);
  }

  @Test
  void aNoticeIsSignedSoThatAnIndependentVerifierBelievesIt() throws Exception {
    outcome("kie");
    post(webhook(SECRET));

    var post = listener.posts().get(0);
    var verifier = new com.standardwebhooks.Webhook(SECRET);
    assertThatCode(() -> verifier.verify(post.body(), headers(post))).doesNotThrowAnyException();
    assertThatThrownBy(() -> verifier.verify(post.body() + " ", headers(post)))
        .isInstanceOf(WebhookVerificationException.class);
    assertThat(post.json().path("type").asText()).isEqualTo("io.klingdrop.lane.closed.v1");
    assertThat(post.headers().getFirst("webhook-id")).isEqualTo(post.json().path("id").asText());
    assertThat(waiting()).isEmpty();
  }

  @Test
  void whileASecretIsReplacedBothAreGood() throws Exception {
    outcome("kie");
    post(webhook(OLD_SECRET + " " + SECRET));

    var post = listener.posts().get(0);
    for (var secret : List.of(OLD_SECRET, SECRET)) {
      new com.standardwebhooks.Webhook(secret).verify(post.body(), headers(post));
    }
  }

  @Test
  void aRefusedNoticeIsPostedAgainWithTheSameIdUntilItIsTaken() {
    listener.answer(500);
    outcome("kie");
    var webhook = webhook(SECRET);
    post(webhook);
    assertThat(post(webhook)).as("not at once").isZero();
    pass(Duration.ofSeconds(5));
    post(webhook);
    listener.answer(202);
    pass(Duration.ofSeconds(30));
    post(webhook);

    assertThat(listener.refused()).hasSize(2);
    assertThat(listener.posts()).hasSize(1);
    assertThat(listener.refused().get(0).headers().getFirst("webhook-id"))
        .isEqualTo(listener.posts().get(0).headers().getFirst("webhook-id"));
    assertThat(waiting()).isEmpty();
  }

  @Test
  void aNoticeIsGivenUpAfterADay() {
    listener.answer(500);
    outcome("kie");
    var webhook = webhook(SECRET);
    for (int hours = 0; hours < 23; hours++) {
      post(webhook);
      pass(Duration.ofHours(1));
    }
    assertThat(waiting()).hasSize(1);
    assertThat(listener.refused()).hasSizeBetween(10, 20);
    pass(Duration.ofHours(2));
    post(webhook);
    assertThat(waiting()).isEmpty();
  }

  @Test
  void aServerThatIsDownIsTriedOnceNotForEveryNotice() {
    listener.close();
    for (var provider : List.of("kie", "comet", "relay")) {
      outcome(provider);
    }
    var webhook = webhook(SECRET);
    post(webhook);

    assertThat(waiting()).hasSize(3).filteredOn(row -> row.tries() > 0).hasSize(1);
    assertThat(waiting().toString()).doesNotContain("hush").contains("ConnectException");
    assertThat(post(webhook)).isZero();
  }

  @Test
  void anAddressThatIsGoneForGoodIsBelieved() {
    listener.answer(410);
    outcome("kie");
    post(webhook(SECRET));
    assertThat(waiting()).isEmpty();
  }

  @Test
  void withoutAnAddressNothingIsKept() {
    outcome("kie");
    var settings = SettingsReader.load(folder, Map.of(), Map.of());
    post(new Webhook(queue, settings, new EndpointBackoff(() -> now), () -> now));
    assertThat(waiting()).isEmpty();
    assertThat(listener.posts()).isEmpty();
  }

  @Test
  void aNoticeLeavesThroughTheProxy() throws Exception {
    try (var proxy = new ProxyServer("me:word").leads("hook.test", listener.port())) {
      var settings =
          SettingsReader.load(
              folder,
              Map.of(
                  "KLINGDROP_WEBHOOK_URL",
                  "http://hook.test/hush",
                  "KLINGDROP_WEBHOOK_SECRET",
                  SECRET,
                  "HTTP_PROXY",
                  proxy.url()),
              Map.of());
      outcome("kie");
      post(new Webhook(queue, settings, new EndpointBackoff(() -> now), () -> now));

      assertThat(proxy.heads()).hasSize(1);
      assertThat(listener.posts()).hasSize(1);
      assertThat(waiting()).isEmpty();
    }
  }

  /** What a receiver says is not listened to: it gets the notice, and nobody waits for it. */
  private void cutOff(String begin, String rest) throws Exception {
    var gone = new CountDownLatch(1);
    try (var server =
        new RawServer(
            line -> {
              line.request();
              line.say(begin);
              line.sayForEver(rest);
              gone.countDown();
            })) {
      outcome("kie");
      var webhook = webhook(server.url(), SECRET);
      assertThat(assertTimeoutPreemptively(Patience.LONG, () -> post(webhook))).isOne();
      assertThat(gone.await(1, TimeUnit.MINUTES)).as("the connection is broken").isTrue();
      assertThat(server.written()).isLessThan(64L << 20);
    }
  }

  @Test
  void anEndlessAnswerOfATakenNoticeIsCut() throws Exception {
    cutOff(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        "ffff\r\n" + "x".repeat(0xffff) + "\r\n");
    assertThat(waiting()).isEmpty();
  }

  @Test
  void anEndlessAnswerOfARefusedNoticeIsCut() throws Exception {
    cutOff("HTTP/1.1 500 No\r\n\r\n", "x".repeat(0xffff));
    assertThat(waiting()).extracting(OutcomeRow::error).singleElement().asString().contains("500");
  }

  private static void awaitClosed(Socket socket) {
    try {
      assertThat(socket.getInputStream().read()).as("closed").isNegative();
    } catch (IOException e) {
      // closed with a reset
    }
  }

  @Test
  void anAnswerThatComesToAStandstillHoldsNobody() throws Exception {
    var end = new CountDownLatch(1);
    try (var server =
        new RawServer(
            line -> {
              line.request();
              line.say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx");
              awaitClosed(line.socket());
              end.countDown();
            })) {
      outcome("kie");
      var webhook = webhook(server.url(), SECRET);
      assertThat(assertTimeoutPreemptively(Patience.LONG, () -> post(webhook))).isOne();
      assertThat(end.await(1, TimeUnit.MINUTES)).isTrue();
      assertThat(waiting()).isEmpty();
    }
  }
}
