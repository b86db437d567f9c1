package io.klingdrop.job;

import static io.klingdrop.job.JobState.CLAIMED;
import static io.klingdrop.job.JobState.FAILED;
import static io.klingdrop.job.JobState.FETCHED;
import static io.klingdrop.job.JobState.GENERATED;
import static io.klingdrop.job.JobState.READY;
import static io.klingdrop.job.JobState.RUNNING;
import static io.klingdrop.job.JobState.SUBMITTING;
import static io.klingdrop.job.JobState.SUBMIT_UNKNOWN;

import java.util.Set;

/**
 * Every move a job may make, with the state it leads to and those it begins in. The only list of
 * legal moves; the ledger refuses any other.
 */
public enum Move {
  /** Checked; it may be paid for. */
  CHECKED(READY, CLAIMED),
  /** Its content is known under another job. */
  SEEN_BEFORE(JobState.DUPLICATE, CLAIMED),
  /** createTask is about to be called. */
  SUBMIT(SUBMITTING, READY),
  /** The provider surely created nothing. */
  REFUSED(READY, SUBMITTING),
  /** The provider's answer to createTask names a task. */
  ACCEPTED(RUNNING, SUBMITTING),
  /** No definite answer to createTask. */
  LOST(SUBMIT_UNKNOWN, SUBMITTING),
  /** The task of a lost answer is known after all. */
  FOUND(RUNNING, SUBMIT_UNKNOWN),
  /** The provider surely has no task of the lost answer. */
  NEVER_CREATED(READY, SUBMIT_UNKNOWN),
  /** The provider says success. */
  MADE(GENERATED, RUNNING),
  /** The provider says failure. */
  NOT_MADE(FAILED, RUNNING),
  /** All results are here. */
  FETCH(FETCHED, GENERATED),
  /** Every target has its receipt. */
  DELIVER(JobState.DELIVERED, FETCHED),
  /** Given up for good. */
  FAIL(FAILED, CLAIMED, READY, SUBMITTING, RUNNING, GENERATED, FETCHED),
  /** A failed generation that cost nothing is tried again by the program. */
  RETRY(READY, FAILED),
  /** A person stops it. */
  CANCEL(JobState.CANCELLED, CLAIMED, READY, SUBMIT_UNKNOWN, RUNNING, GENERATED, FETCHED, FAILED),
  /** A person has it submitted again, and pays. */
  RESUBMIT(READY, FAILED, SUBMIT_UNKNOWN),
  /** A person has its task looked at again. */
  RECHECK(RUNNING, FAILED),
  /** A person has its result fetched again. */
  REFETCH(GENERATED, FAILED),
  /** A person has its result delivered again. */
  REDELIVER(FETCHED, FAILED);

  private final JobState to;

  @SuppressWarnings("ImmutableEnumChecker") // made by Set.of
  private final Set<JobState> from;

  Move(JobState to, JobState... from) {
    this.to = to;
    this.from = Set.of(from);
  }

  public JobState to() {
    return to;
  }

  public boolean mayBegin(JobState state) {
    return from.contains(state);
  }
}
