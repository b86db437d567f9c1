package io.klingdrop.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a person is told of a lane that is closed: what to do, and whether it goes on by itself. */
class ClosedLaneTest {
  private static final Instant SINCE = Instant.parse("2026-11-21T10:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "key, then restart, false",
    "credit, top up the account, true",
    "cap, raise the key's spending cap, true",
    "disabled, switched off at the provider, true",
    "maintenance, tried again by itself, true",
    "disk, make room there, false"
  })
  void theWayOnIsOneAndNotTwo(String cause, String toDo, boolean byItself) {
    var lane = new ClosedLane("kie", "", cause, "said so", SINCE, SINCE, 0);

    assertThat(lane.sentence())
        .startsWith("kie is closed since " + SINCE + " (" + cause + ": said so). No job is lost")
        .contains(toDo);
    assertThat(lane.sentence().contains("tried again by itself")).isEqualTo(byItself);
  }

  @Test
  void aPausedLaneNamesTheVerbThatOpensIt() {
    assertThat(ClosedLane.paused("kie", SINCE).sentence())
        .contains("paused by a person")
        .endsWith("To go on: klingdrop resume kie");
  }
}
