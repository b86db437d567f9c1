package io.klingdrop.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.ledger.DueWork;
import io.klingdrop.testkit.RouteRun;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.BeanInject;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelContext;
import org.apache.camel.test.main.junit5.CamelMainTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The route of {@code routes/heartbeat.camel.yaml}, with a clock that ticks fast. */
@CamelMainTest(
    properties = {
      "camel.main.routes-include-pattern=file:routes/heartbeat.camel.yaml",
      "camel.main.message-history=true",
      "klingdrop.poll.heartbeat-millis=10"
    },
    mockEndpointsAndSkip = "ledger:*")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HeartbeatRoutesTest {
  private static final String ROUTE = "heartbeat-wake-stages";

  @BeanInject private CamelContext camel;

  @BindToRegistry("due")
  private final DueQuestion due = new DueQuestion();

  @BindToRegistry("watch")
  private final HealthMonitor watch = new HealthMonitor();

  /** Stands for the ledger. */
  public static final class DueQuestion {
    public DueWork ask() {
      return new DueWork(Set.of("poll"));
    }
  }

  /** Stands for the health's bean. */
  public static final class HealthMonitor {
    private final AtomicInteger beats = new AtomicInteger();
    private volatile boolean broken;

    public void beat() {
      beats.incrementAndGet();
      if (broken) {
        throw new IllegalStateException("no beat");
      }
    }
  }

  @Test
  void everyTickAsksOnceOffersTheAnswerToEveryStageThenIsNoted() {
    var tick = RouteRun.next(camel, ROUTE);

    assertThat(tick.steps()).hasSize(16).last().isEqualTo("heartbeat-note");
    assertThat(RouteRun.sent(camel).stream().distinct())
        .containsExactly(
            "ledger:archive",
            "ledger:bucket",
            "ledger:callback",
            "ledger:check",
            "ledger:failure",
            "ledger:fetch",
            "ledger:lookup",
            "ledger:media",
            "ledger:messages",
            "ledger:notices",
            "ledger:outbox",
            "ledger:poll",
            "ledger:submit",
            "ledger:targets");
    assertThat(watch.beats).hasPositiveValue();
    assertThat(tick.ended().getMessage().getBody()).isEqualTo(new DueWork(Set.of("poll")));
  }

  @Test
  void aTickThatCannotBeNotedStillWokeAllAndTheNextOneComes() {
    watch.broken = true;
    RouteRun.next(camel, ROUTE);

    var next = RouteRun.next(camel, ROUTE);
    watch.broken = false;

    assertThat(next.ended().getException()).hasMessage("no beat");
    assertThat(next.steps()).hasSize(16);
  }
}
