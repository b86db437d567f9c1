package io.klingdrop.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProcessAgeTest {

  @Test
  void theKernelsTwoClocksTellTheAge() {
    var stat =
        "42 (a ) b) S 1 42 42 0 -1 4194304 1 0 0 0 5 1 0 0 20 0 9 0 123456 1000 200 184467 1 1";

    assertThat(ProcessAge.between(stat, "1236.01 2400.00\n")).isEqualTo(Duration.ofMillis(1450));
  }

  @Test
  void thisProcessIsOlderThanNothingAndYoungerThanADay() {
    assertThat(ProcessAge.now()).isBetween(Duration.ofMillis(1), Duration.ofDays(1));
  }
}
