package io.klingdrop.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.camel.OutcomeErrors;
import io.klingdrop.job.FailureClass;
import io.klingdrop.ledger.OutcomeRow;
import io.klingdrop.ledger.OutcomeRow.Way;
import io.klingdrop.testkit.DueWork;
import io.klingdrop.testkit.RouteRun;
import io.klingdrop.testkit.SampleJob;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.BeanInject;
import org.apache.camel.BindToRegistry;
import org.apache.camel.Body;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.main.MainConfigurationProperties;
import org.apache.camel.test.main.junit5.CamelMainTest;
import org.apache.camel.test.main.junit5.Configure;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The routes of {@code routes/outcomes.camel.yaml}: which channel each outcome goes to. */
@CamelMainTest(properties = {"camel.main.routes-include-pattern=file:routes/outcomes.camel.yaml"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutcomesRoutesTest {
  private static final OutcomeRow MESSAGE = SampleJob.outcome(Way.CHANNEL);
  private static final OutcomeRow NOTICE = SampleJob.outcome(Way.WEBHOOK);

  @BeanInject private CamelContext camel;

  @BindToRegistry("outcomes")
  private final Outcomes outcomes = new Outcomes();

  @BindToRegistry("channels")
  private final Channels channels = new Channels();

  @BindToRegistry("webhook")
  private final Webhook webhook = new Webhook();

  private final List<String> kept = new CopyOnWriteArrayList<>();

  /** Stands for the words of messages: the headers a test wants. */
  public static final class Outcomes {
    private final DueWork<OutcomeRow> due = new DueWork<>();
    private final List<OutcomeRow> done = new CopyOnWriteArrayList<>();
    private volatile Map<String, String> headers = Map.of();
    private volatile boolean broken;

    public List<OutcomeRow> claimDue() {
      return due.claim();
    }

    public void describe(@Body OutcomeRow row, Exchange exchange) {
      if (broken) {
        throw new IllegalStateException("no words");
      }
      exchange.getMessage().setBody("message " + row.id());
      headers.forEach(exchange.getMessage()::setHeader);
    }

    public void done(@ExchangeProperty("outcome") OutcomeRow row) {
      done.add(row);
    }
  }

  /** Stands for the endpoints: remembers channel and body. */
  public static final class Channels {
    private final List<String> sent = new CopyOnWriteArrayList<>();
    private volatile boolean down;

    public void send(
        @ExchangeProperty("channel") String channel,
        @ExchangeProperty("outcome") OutcomeRow row,
        @Body String body)
        throws IOException {
      if (down) {
        throw new IOException("broker down");
      }
      sent.add(channel + ": " + body + " of " + row.subject());
    }
  }

  /** Stands for the webhook. */
  public static final class Webhook {
    private final DueWork<OutcomeRow> due = new DueWork<>();
    private final List<OutcomeRow> posted = new CopyOnWriteArrayList<>();
    private volatile boolean down;

    public List<OutcomeRow> claimDue() {
      return due.claim();
    }

    public void post(@Body OutcomeRow row) {
      if (down) {
        throw new IllegalStateException("the ledger is locked");
      }
      posted.add(row);
    }
  }

  @Configure
  void configure(MainConfigurationProperties main) {
    main.addRoutesBuilder(
        new OutcomeErrors((row, cause) -> kept.add(row.id() + ": " + cause.getMessage())));
  }

  @BeforeEach
  void beginAnew() {
    kept.clear();
    outcomes.done.clear();
    outcomes.broken = false;
    channels.sent.clear();
    channels.down = false;
    webhook.posted.clear();
    webhook.down = false;
  }

  private void told(Map<String, String> headers) {
    outcomes.headers = headers;
    outcomes.due.add(MESSAGE);
    RouteRun.of(camel, "outcomes-tell-channels");
  }

  private static Map<String, String> failure(String failureClass, String code) {
    return Map.of(
        "KlingdropState", "FAILED",
        "KlingdropChannel", failureClass,
        "KlingdropFailClass", failureClass,
        "KlingdropFailCode", code);
  }

  private static String sent(String channel) {
    return channel + ": message outcome-1 of " + SampleJob.ID;
  }

  @ParameterizedTest
  @CsvSource({
    "DELIVERED,      delivered",
    "DUPLICATE,      duplicate",
    "CANCELLED,      cancelled",
    "SUBMIT_UNKNOWN, submit-unknown",
    "LANE_OPEN,      lane"
  })
  void aStateGoesToTheChannelItStandsFor(String state, String channel) {
    told(Map.of("KlingdropState", state, "KlingdropChannel", channel));

    assertThat(channels.sent).containsExactly(sent(channel));
    assertThat(outcomes.done).as("forgotten once it has arrived").containsExactly(MESSAGE);
    assertThat(kept).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"LANE_CLOSED", "LANE_OPEN"})
  void aLaneWithoutCreditsHasAChannelOfItsOwn(String state) {
    told(
        Map.of("KlingdropState", state, "KlingdropChannel", "lane", "KlingdropFailCode", "credit"));

    assertThat(channels.sent).containsExactly(sent("credit"));
    assertThat(outcomes.done).containsExactly(MESSAGE);
  }

  @Test
  void aLaneThatClosedForAnotherReasonGoesToTheChannelOfLanes() {
    told(
        Map.of(
            "KlingdropState", "LANE_CLOSED",
            "KlingdropChannel", "lane",
            "KlingdropFailCode", "key"));

    assertThat(channels.sent).containsExactly(sent("lane"));
  }

  @ParameterizedTest
  @CsvSource({
    "rejected,   422,    rejected",
    "rejected,   501,    rejected",
    "provider,   422,    code-422",
    "generation, 501,    code-501",
    "generation, 500,    generation",
    "result,     '',     result",
    "provider,   credit, provider"
  })
  void aFailureGoesToTheChannelOfContentOrOfItsCodeOrOfItsClass(
      String failureClass, String code, String channel) {
    told(failure(failureClass, code));

    assertThat(channels.sent).as("once").containsExactly(sent(channel));
    assertThat(outcomes.done).containsExactly(MESSAGE);
    assertThat(kept).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(FailureClass.class)
  void aCodeWithAChannelOfItsOwnGoesThereFromEveryClassButThatOfContent(FailureClass failed) {
    var isContent = failed == FailureClass.REJECTED;
    for (var code : List.of("422", "501")) {
      channels.sent.clear();

      told(failure(failed.channel(), code));

      assertThat(channels.sent)
          .as(failed + " " + code)
          .containsExactly(sent(isContent ? "rejected" : "code-" + code));
    }
  }

  @ParameterizedTest
  @EnumSource(FailureClass.class)
  void anyOtherCodeGoesToTheChannelOfItsClass(FailureClass failed) {
    told(failure(failed.channel(), "500"));

    assertThat(channels.sent).containsExactly(sent(failed.channel()));
  }

  @Test
  void aMessageThatDidNotArriveIsKeptOnceAndNotForgotten() {
    channels.down = true;

    told(failure("rejected", "422"));

    assertThat(kept).containsExactly("outcome-1: broker down");
    assertThat(outcomes.done).isEmpty();
  }

  @Test
  void aMessageThatCannotBeWordedIsKeptAndGoesNowhere() {
    outcomes.broken = true;

    told(failure("rejected", "422"));

    assertThat(kept).containsExactly("outcome-1: no words");
    assertThat(channels.sent).isEmpty();
    assertThat(outcomes.done).isEmpty();
  }

  @Test
  void aMessageThatSomebodySendsWithoutAnOutcomeIsNotKept() throws Exception {
    channels.down = true;
    try (var messages = camel.createProducerTemplate()) {
      messages.sendBody("direct:outcomes-send-message", "hand-made");
    }

    assertThat(kept).isEmpty();
  }

  private void noticed() {
    webhook.due.add(NOTICE);
    RouteRun.of(camel, "outcomes-post-notice");
  }

  @Test
  void aNoticeIsPosted() {
    noticed();

    assertThat(webhook.posted).containsExactly(NOTICE);
    assertThat(kept).isEmpty();
    assertThat(channels.sent).as("the channels are told by themselves").isEmpty();
  }

  @Test
  void aNoticeThatBreaksOffIsKept() {
    webhook.down = true;

    noticed();

    assertThat(kept).containsExactly("outcome-1: the ledger is locked");
  }
}
