package io.klingdrop.ledger;

import io.klingdrop.job.FailureClass;
import io.klingdrop.job.JobState;
import java.util.Optional;

/**
 * Which jobs somebody wants to see, the newest first.
 *
 * @param text found in id, task id or name, in any case; empty for all
 * @param after where the page before ended, as {@link #key} says; empty for the first page
 * @param limit jobs on a page
 */
public record JobQuery(
    Optional<JobState> state,
    Optional<FailureClass> failureClass,
    String profile,
    String text,
    String after,
    int limit) {

  /** Where a page ends with that job. */
  public static String key(io.klingdrop.job.Job job) {
    return job.times().created().toEpochMilli() + "-" + job.id();
  }
}
