package io.klingdrop.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.settings.Settings;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static final Optional<Expectation> NOTHING = Optional.empty();
  private static final Optional<Duration> USUAL = Optional.of(Duration.ofSeconds(330));

  private final Random random = new Random(5);

  private static Settings.Poll settings(Duration first, Duration min, Duration max) {
    return new Settings.Poll(
        Duration.ofSeconds(1),
        first,
        min,
        max,
        Duration.ofMinutes(60),
        Duration.ofMinutes(5),
        Duration.ofMinutes(2),
        Duration.ofDays(60));
  }

  private Schedule schedule() {
    return new Schedule(
        settings(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(60)),
        random::nextDouble);
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis((long) (seconds * 1000));
  }

  @Test
  void theFirstLookIsAsConfiguredUntilItIsKnownThatHardlyATaskEndsBefore() {
    var schedule = schedule();
    assertThat(schedule.first(NOTHING)).isEqualTo(Duration.ofSeconds(5));
    for (int i = 0; i < 100; i++) {
      var early = 300 * random.nextDouble();
      var first = schedule.first(Optional.of(new Expectation(early, 400, 40)));
      assertThat(first).isBetween(seconds(Math.max(5, 0.969 * early)), seconds(Math.max(5, early)));
    }
  }

  @Test
  void theFirstLookNeverWaitsForTheSlowLane() {
    var absurd = new Expectation(1e300, 1e301, 1e300);
    assertThat(schedule().first(Optional.of(absurd))).isEqualTo(Duration.ofMinutes(60));
  }

  @Test
  void pausesStayWithinTheirBoundsWhateverWasLearned() {
    for (int i = 0; i < 5000; i++) {
      var min = Duration.ofMillis(1 + random.nextInt(20_000));
      var max = min.plusMillis(random.nextInt(100_000));
      var schedule = new Schedule(settings(Duration.ZERO, min, max), random::nextDouble);
      var early = Math.exp(random.nextDouble(-8, 20));
      var learned =
          Optional.of(new Expectation(early, early * (1 + random.nextDouble()), early * 0.2))
              .filter(e -> random.nextInt(4) > 0);
      var usual = USUAL.filter(u -> random.nextBoolean());
      var age = Duration.ofMillis(random.nextInt(3_600_000));
      assertThat(schedule.pause(age, learned, usual)).isBetween(min, max);
    }
  }

  @Test
  void pausesAreEvenAroundTheLikelyEndAndWidenAfterwards() {
    var schedule = schedule();
    var learned = Optional.of(new Expectation(270, 430, 40));
    assertThat(schedule.pause(seconds(280), learned, USUAL)).isBetween(seconds(8), seconds(8.6));
    assertThat(schedule.pause(seconds(420), learned, USUAL)).isBetween(seconds(8), seconds(8.6));
    assertThat(schedule.pause(seconds(530), learned, USUAL)).isBetween(seconds(31), seconds(34));
    assertThat(schedule.pause(seconds(900), learned, USUAL)).isEqualTo(seconds(60));
  }

  @Test
  void aTaskSeenTooEarlyIsNextSeenWhenTheFirstOfItsKindEnd() {
    var learned = Optional.of(new Expectation(270, 430, 40));
    assertThat(schedule().pause(seconds(230), learned, USUAL)).isBetween(seconds(38), seconds(40));
    assertThat(schedule().pause(seconds(10), learned, USUAL)).isEqualTo(seconds(60));
  }

  @Test
  void whileNothingIsLearnedTheCatalogueSaysWhenToLookMoreOften() {
    var schedule = schedule();
    assertThat(schedule.pause(seconds(150), NOTHING, USUAL)).isBetween(seconds(27), seconds(33));
    assertThat(schedule.pause(seconds(330), NOTHING, USUAL))
        .isBetween(seconds(14.8), seconds(18.2));
    assertThat(schedule.pause(seconds(500), NOTHING, USUAL)).isBetween(seconds(45), seconds(55));
    assertThat(schedule.pause(seconds(330), NOTHING, Optional.empty()))
        .isBetween(seconds(29.7), seconds(36.3));
  }

  @Test
  void afterTheSoftDeadlineNothingButTheSlowLaneCounts() {
    var learned = Optional.of(new Expectation(270, 430, 40));
    assertThat(schedule().pause(seconds(3601), learned, USUAL)).isEqualTo(Duration.ofMinutes(5));
    assertThat(schedule().pause(seconds(3601), NOTHING, USUAL)).isEqualTo(Duration.ofMinutes(5));
  }
}
