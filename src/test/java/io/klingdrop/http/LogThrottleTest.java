package io.klingdrop.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class LogThrottleTest {
  private Instant now = Instant.parse("2026-11-21T00:00:00Z");

  @Test
  void oneLineAMinuteIsWrittenAndTheOthersAreCounted() {
    var seldom = new LogThrottle(() -> now);
    assertThat(seldom.turn()).hasValue("");
    for (int i = 0; i < 1000; i++) {
      assertThat(seldom.turn()).isEmpty();
    }
    now = now.plusSeconds(59);
    assertThat(seldom.turn()).isEmpty();
    now = now.plusSeconds(1);
    assertThat(seldom.turn()).hasValue("; 1001 more since the last such line");
    assertThat(seldom.turn()).isEmpty();
    now = now.plusSeconds(60);
    assertThat(seldom.turn()).hasValue("; 1 more since the last such line");
  }
}
