package io.klingdrop.testkit;

import io.klingdrop.job.Charged;
import io.klingdrop.job.Failure;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.ledger.OutcomeRow;
import io.klingdrop.ledger.Shipment;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Jobs as the ledger would hand them out: enough of each to be routed, no files, no results. */
public final class SampleJob {
  /** The id of all of them. */
  public static final String ID = "kd00sample00sample0";

  private static final Instant DAY = Instant.parse("2026-01-01T00:00:00Z");

  private SampleJob() {}

  /** A job of the profile avatar that is in this state, without a failure. */
  public static Job in(JobState state) {
    return job(state, null);
  }

  /**
   * A job that failed in this way.
   *
   * @param code what the provider called it, null where it said nothing
   */
  public static Job failed(FailureClass failureClass, @Nullable String code) {
    return job(
        JobState.FAILED,
        new Failure(failureClass, code, "a sample failure", null, Charged.UNKNOWN));
  }

  /**
   * A fetched job on its way to a target.
   *
   * @param target {@code file} for the outbox, {@code s3} for the bucket
   */
  public static Shipment shipment(String target) {
    return new Shipment(in(JobState.FETCHED), target, 0, null, null, 1);
  }

  /** An outcome of a job that was delivered, to be told by message or by webhook. */
  public static OutcomeRow outcome(OutcomeRow.Way way) {
    return new OutcomeRow(
        1,
        way,
        "outcome-1",
        ID,
        "io.klingdrop.job.delivered.v1",
        "{}",
        null,
        DAY,
        DAY,
        0,
        null,
        Set.of(),
        null,
        1);
  }

  private static Job job(JobState state, @Nullable Failure failure) {
    return new Job(
        ID,
        1,
        new Job.Origin("avatar", "", "sample"),
        new Job.Goal("kie", "kling/v1-avatar-standard"),
        state,
        failure,
        "task-1",
        null,
        false,
        new Job.Content("{}", "key", null),
        new Job.Cost(3000L, 24.0, null),
        new Job.Progress(1, 1, null, 0, null),
        new Job.Times(DAY, DAY, null, null, DAY),
        List.of(),
        List.of());
  }
}
