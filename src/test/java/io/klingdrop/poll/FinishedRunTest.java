package io.klingdrop.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.klingdrop.ledger.RunTime;
import org.junit.jupiter.api.Test;

class FinishedRunTest {

  private static RunTime seen(Long working, long finished, Long told) {
    return new RunTime("kie", "model", 10_000, working, finished, told);
  }

  private static double seconds(RunTime seen) {
    return FinishedRun.of(seen).orElseThrow().seconds();
  }

  @Test
  void theProvidersWordCountsBetweenTheTwoLooks() {
    assertThat(FinishedRun.of(seen(300_000L, 340_000, 310_000L)))
        .contains(new FinishedRun(10, 310));
    assertThat(seconds(seen(null, 340_000, 310_000L))).isEqualTo(310);
  }

  @Test
  void theProvidersWordIsNotBelievedAgainstOurOwnEyes() {
    assertThat(seconds(seen(300_000L, 340_000, 2_000L))).isEqualTo(300);
    assertThat(seconds(seen(300_000L, 340_000, 99_000_000L))).isEqualTo(340);
  }

  @Test
  void withoutItsWordTheEndLiesBetweenTheLooks() {
    assertThat(seconds(seen(300_000L, 340_000, null))).isCloseTo(319.4, within(0.1));
    assertThat(seconds(seen(null, 340_000, null))).isEqualTo(255);
  }

  @Test
  void looksFarApartTeachNothing() {
    assertThat(FinishedRun.of(seen(300_000L, 36_000_000, null))).isEmpty();
    assertThat(FinishedRun.of(seen(null, 0, null))).isEmpty();
    assertThat(FinishedRun.of(seen(null, -5_000, 300_000L))).isEmpty();
  }
}
