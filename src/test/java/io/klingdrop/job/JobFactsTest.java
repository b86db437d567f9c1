package io.klingdrop.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether a job has cost money, as far as what is known of it tells. */
class JobFactsTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  private static JobFacts facts(
      JobState state, boolean task, Charged failure, int attempts, Charged... charged) {
    var job =
        new Job(
            "kd01",
            1,
            new Job.Origin("avatar", "", "anna"),
            new Job.Goal("kie", "model"),
            state,
            failure == null
                ? null
                : new Failure(FailureClass.GENERATION, null, "no luck", null, failure),
            task ? "task" : null,
            null,
            false,
            Job.Content.UNCHECKED,
            Job.Cost.UNKNOWN,
            new Job.Progress(attempts, 0, null, 0, null),
            Job.Times.begun(NOW),
            List.of(),
            List.of());
    var rows =
        Stream.of(charged)
            .map(one -> new Attempt(1, null, NOW, null, null, null, one, null, null))
            .toList();
    return new JobFacts(job, null, rows, List.of(), List.of());
  }

  @ParameterizedTest
  @CsvSource({
    "CLAIMED, NO",
    "READY, NO",
    "DUPLICATE, NO",
    "CANCELLED, NO",
    // made before attempts were kept
    "DELIVERED, YES"
  })
  void withoutAnAttemptNothingIsPaidUntilThereIsAVideo(JobState state, Charged charged) {
    assertThat(facts(state, false, null, 0).charged()).isEqualTo(charged);
  }

  @ParameterizedTest
  @CsvSource({
    "READY, UNKNOWN",
    "SUBMITTING, UNKNOWN",
    "RUNNING, UNKNOWN",
    "GENERATED, YES",
    "FETCHED, YES",
    "DELIVERED, YES",
    "CANCELLED, YES"
  })
  void anOpenAttemptIsNotKnownUntilItsVideoIsMadeOrAPersonLeavesIt(
      JobState state, Charged charged) {
    var facts = facts(state, state != JobState.READY, null, 1, new Charged[] {null});
    assertThat(facts.charged()).isEqualTo(charged);
  }

  @ParameterizedTest
  @CsvSource({"READY, NO", "RUNNING, NO", "DELIVERED, NO", "CANCELLED, NO"})
  void whatTheProviderGaveForNothingCostNothing(JobState state, Charged charged) {
    assertThat(facts(state, false, null, 1, Charged.NO).charged()).isEqualTo(charged);
  }

  @ParameterizedTest
  @CsvSource({"READY, YES", "RUNNING, YES", "DELIVERED, YES", "CANCELLED, YES"})
  void onePaidAttemptIsEnough(JobState state, Charged charged) {
    assertThat(facts(state, false, null, 2, Charged.NO, Charged.YES).charged()).isEqualTo(charged);
  }

  @ParameterizedTest
  @CsvSource({"FAILED, NO", "FAILED, UNKNOWN", "SUBMIT_UNKNOWN, YES", "CANCELLED, NO"})
  void aFailureSaysItItself(JobState state, Charged charged) {
    assertThat(facts(state, true, charged, 1, new Charged[] {null}).charged()).isEqualTo(charged);
  }
}
