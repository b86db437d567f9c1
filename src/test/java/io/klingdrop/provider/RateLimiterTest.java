package io.klingdrop.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.settings.Rate;
import io.klingdrop.testing.Patience;
import io.klingdrop.testing.SettableTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
  private static final long SECOND = 1_000_000_000L;

  private final SettableTime time = SettableTime.standing(Instant.parse("2026-11-21T10:00:00Z"));

  @Test
  void noWindowEverHoldsMoreCallsThanPermitted() {
    var pace = new RateLimiter(new Rate(18, Duration.ofSeconds(10)), time);
    var left = new ArrayList<Long>();
    for (var now = 1L; now < 100 * SECOND; now += SECOND / 10) {
      if (pace.take(now) == 0) {
        left.add(now);
      }
    }
    for (var start : left) {
      assertThat(left.stream().filter(at -> at >= start && at < start + 10 * SECOND).count())
          .isLessThanOrEqualTo(18);
    }
    assertThat(left).hasSizeGreaterThanOrEqualTo(171);
  }

  @Test
  void callsLeaveEvenlySoThatASlowWayCrowdsNoWindowAtTheProvider() {
    var pace = new RateLimiter(new Rate(18, Duration.ofSeconds(10)), time);
    var random = new Random(7);
    var arrived = new ArrayList<Long>();
    for (var now = 1L; now < 600 * SECOND; now += SECOND / 100) {
      if (pace.take(now) == 0) {
        arrived.add(now + (long) (random.nextDouble() * SECOND / 2));
      }
    }
    for (var start : arrived) {
      assertThat(arrived.stream().filter(at -> at >= start && at < start + 10 * SECOND).count())
          .isLessThanOrEqualTo(20);
    }
    assertThat(arrived).hasSizeGreaterThanOrEqualTo(1060);
  }

  @Test
  void twoMayLeaveTogetherTheThirdWaitsForItsShareOfTheWindow() {
    var pace = new RateLimiter(new Rate(10, Duration.ofSeconds(10)), time);
    assertThat(pace.take(SECOND)).isZero();
    assertThat(pace.take(SECOND)).isZero();
    assertThat(pace.take(SECOND)).isEqualTo(SECOND);
    assertThat(pace.take(2 * SECOND)).isZero();
  }

  @Test
  void callsOfWhoHadTheAccountBeforeCountUntilTheyAreAWindowOld() {
    var now = time.nanos();
    var pace = new RateLimiter(new Rate(4, Duration.ofSeconds(10)), time);
    assertThat(pace.busy()).isFalse();
    for (var ago : List.of(8, 6, 4, 2)) {
      pace.count(Duration.ofSeconds(ago));
    }
    assertThat(pace.busy()).isTrue();
    assertThat(pace.take(now)).isEqualTo(2 * SECOND);
    assertThat(pace.take(now + 2 * SECOND)).isZero();
    assertThat(pace.take(now + 3 * SECOND)).isEqualTo(SECOND);
  }

  @Test
  void whoComesTooEarlyIsToldHowLongToWait() {
    var pace = new RateLimiter(new Rate(1, Duration.ofSeconds(10)), time);
    assertThat(pace.take(SECOND)).isZero();
    assertThat(pace.take(4 * SECOND)).isEqualTo(7 * SECOND);
    assertThat(pace.take(11 * SECOND)).isZero();
  }

  @Test
  void aPauseHoldsEverybody() {
    var pace = new RateLimiter(new Rate(100, Duration.ofSeconds(1)), time);
    pace.pause(Duration.ofHours(1));
    assertThat(pace.take(time.nanos())).isPositive();
    assertThat(pace.take(time.nanos() + 3601 * SECOND)).isZero();
  }

  @Test
  void whoWaitsForAPauseToEndGoesOnWhenItsTimeHasCome() throws Exception {
    var pace = new RateLimiter(new Rate(10, Duration.ofSeconds(10)), time);
    pace.pause(Duration.ofHours(1));
    var turn =
        CompletableFuture.runAsync(
            () -> {
              try {
                pace.await();
              } catch (InterruptedException e) {
                throw new CompletionException(e);
              }
            });
    Patience.await().until(() -> time.pausing() == 1);

    time.turn(Duration.ofMinutes(59));
    assertThat(turn).isNotDone();
    time.turn(Duration.ofMinutes(1));
    turn.join();
  }
}
