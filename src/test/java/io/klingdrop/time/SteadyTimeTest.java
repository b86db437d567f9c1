package io.klingdrop.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SteadyTimeTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  private Instant wall = NOON;
  private long nanos = -5;
  private final AtomicInteger steps = new AtomicInteger();
  private final SteadyTime time = new SteadyTime(() -> wall, () -> nanos);

  @BeforeEach
  void listen() {
    time.onLeap(steps::incrementAndGet);
  }

  private void pass(Duration duration) {
    wall = wall.plus(duration);
    nanos += duration.toNanos();
  }

  @Test
  void itFollowsTheClockOfTheMachineForwards() {
    pass(Duration.ofSeconds(3));
    assertThat(time.instant()).isEqualTo(NOON.plusSeconds(3));
    wall = wall.plus(Duration.ofHours(2));
    assertThat(time.instant()).isEqualTo(NOON.plus(Duration.ofHours(2)).plusSeconds(3));
    assertThat(steps).hasValue(0);
  }

  @Test
  void aClockThatIsSetBackTakesNoTimeBackAndIsToldOnce() {
    pass(Duration.ofSeconds(3));
    time.instant();
    wall = wall.minus(Duration.ofHours(2));
    assertThat(time.instant()).isEqualTo(NOON.plusSeconds(3));
    pass(Duration.ofSeconds(10));
    assertThat(time.instant()).isEqualTo(NOON.plusSeconds(13));
    assertThat(steps).hasValue(1);
    wall = wall.minus(Duration.ofHours(1));
    assertThat(time.instant()).isEqualTo(NOON.plusSeconds(13));
    assertThat(steps).hasValue(2);
    wall = NOON.plusSeconds(20);
    assertThat(time.instant()).isEqualTo(NOON.plusSeconds(20));
    wall = wall.minus(Duration.ofHours(2));
    time.instant();
    assertThat(steps).as("a new step back").hasValue(3);
  }

  @Test
  void aSmallCorrectionIsNoStep() {
    pass(Duration.ofSeconds(3));
    wall = wall.minusMillis(900);
    assertThat(time.instant()).isEqualTo(NOON.plusSeconds(3));
    assertThat(steps).hasValue(0);
  }
}
