package io.klingdrop.job;

import static io.klingdrop.job.JobState.CANCELLED;
import static io.klingdrop.job.JobState.CLAIMED;
import static io.klingdrop.job.JobState.DELIVERED;
import static io.klingdrop.job.JobState.DUPLICATE;
import static io.klingdrop.job.JobState.FAILED;
import static io.klingdrop.job.JobState.FETCHED;
import static io.klingdrop.job.JobState.GENERATED;
import static io.klingdrop.job.JobState.READY;
import static io.klingdrop.job.JobState.RUNNING;
import static io.klingdrop.job.JobState.SUBMITTING;
import static io.klingdrop.job.JobState.SUBMIT_UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MoveTest {

  /** Every legal move; a word that is not listed is an illegal one. */
  @ParameterizedTest
  @CsvSource({
    "CLAIMED,        READY FAILED DUPLICATE CANCELLED",
    "READY,          SUBMITTING FAILED CANCELLED",
    "SUBMITTING,     RUNNING READY SUBMIT_UNKNOWN FAILED",
    "SUBMIT_UNKNOWN, RUNNING READY CANCELLED",
    "RUNNING,        GENERATED FAILED CANCELLED",
    "GENERATED,      FETCHED FAILED CANCELLED",
    "FETCHED,        DELIVERED FAILED CANCELLED",
    "FAILED,         READY RUNNING GENERATED FETCHED CANCELLED",
    "DELIVERED,      ''",
    "CANCELLED,      ''",
    "DUPLICATE,      ''",
  })
  void onlyTheListedMovesAreLegal(JobState from, String legal) {
    var expected = Arrays.stream(legal.split(" ")).filter(word -> !word.isEmpty()).toList();
    assertThat(nexts(from).stream().map(Enum::name)).containsExactlyInAnyOrderElementsOf(expected);
  }

  @ParameterizedTest
  @EnumSource(JobState.class)
  void noStateBecomesItself(JobState state) {
    assertThat(leads(state, state)).isFalse();
  }

  @Test
  void thePaidCallIsReachedFromReadyAlone() {
    assertThat(comingFrom(SUBMITTING)).containsExactly(READY);
  }

  @Test
  void aLostAnswerNeverLeadsStraightToAnotherPaidCall() {
    assertThat(leads(SUBMIT_UNKNOWN, SUBMITTING)).isFalse();
    assertThat(leads(SUBMIT_UNKNOWN, FAILED)).isFalse();
    assertThat(comingFrom(SUBMIT_UNKNOWN)).containsExactly(SUBMITTING);
  }

  @Test
  void anAcceptedTaskNeverGoesBackToTheQueueByItself() {
    for (var state : List.of(RUNNING, GENERATED, FETCHED, DELIVERED)) {
      assertThat(leads(state, READY)).as("%s", state).isFalse();
      assertThat(leads(state, SUBMITTING)).as("%s", state).isFalse();
    }
  }

  @Test
  void whatIsUnderWayInThePaidCallCannotBeCancelled() {
    assertThat(leads(SUBMITTING, CANCELLED)).isFalse();
  }

  @Test
  void aStateOfWhichTheProgramExpectsMoreIsNeverADeadEnd() {
    for (var state : JobState.values()) {
      if (!state.ended()) {
        assertThat(nexts(state)).as("%s", state).isNotEmpty();
      }
    }
    assertThat(Arrays.stream(JobState.values()).filter(JobState::ended))
        .containsExactlyInAnyOrder(DELIVERED, FAILED, CANCELLED, DUPLICATE, SUBMIT_UNKNOWN);
  }

  @Test
  void everyStateButTheFirstIsReachedFromTheFirst() {
    var reached = EnumSet.of(CLAIMED);
    var before = EnumSet.noneOf(JobState.class);
    while (!reached.equals(before)) {
      before = EnumSet.copyOf(reached);
      before.forEach(state -> reached.addAll(nexts(state)));
    }
    assertThat(reached).containsExactly(JobState.values());
    assertThat(comingFrom(CLAIMED)).isEmpty();
  }

  private static boolean leads(JobState from, JobState next) {
    return Arrays.stream(Move.values()).anyMatch(move -> move.to() == next && move.mayBegin(from));
  }

  private static Set<JobState> nexts(JobState from) {
    var nexts = EnumSet.noneOf(JobState.class);
    Arrays.stream(JobState.values()).filter(next -> leads(from, next)).forEach(nexts::add);
    return nexts;
  }

  private static Set<JobState> comingFrom(JobState next) {
    var from = EnumSet.noneOf(JobState.class);
    Arrays.stream(JobState.values()).filter(state -> leads(state, next)).forEach(from::add);
    return from;
  }
}
