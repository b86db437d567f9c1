package io.klingdrop.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.settings.Rate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void noWindowEverHoldsMoreCallsThanPermitted() {
    var pace = new Pace(new Rate(18, Duration.ofSeconds(10)));
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
    var pace = new Pace(new Rate(18, Duration.ofSeconds(10)));
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
    var pace = new Pace(new Rate(10, Duration.ofSeconds(10)));
    assertThat(pace.take(SECOND)).isZero();
    assertThat(pace.take(SECOND)).isZero();
    assertThat(pace.take(SECOND)).isEqualTo(SECOND);
    assertThat(pace.take(2 * SECOND)).isZero();
  }

  @Test
  void whoComesTooEarlyIsToldHowLongToWait() {
    var pace = new Pace(new Rate(1, Duration.ofSeconds(10)));
    assertThat(pace.take(SECOND)).isZero();
    assertThat(pace.take(4 * SECOND)).isEqualTo(7 * SECOND);
    assertThat(pace.take(11 * SECOND)).isZero();
  }

  @Test
  void aPauseHoldsEverybody() {
    var pace = new Pace(new Rate(100, Duration.ofSeconds(1)));
    pace.pause(Duration.ofHours(1));
    assertThat(pace.take(System.nanoTime())).isPositive();
    assertThat(pace.take(System.nanoTime() + 3601 * SECOND)).isZero();
  }
}
