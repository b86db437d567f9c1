package io.klingdrop.job;

import java.util.Set;

/**
 * Where a job stands. The ledger stores the name; {@link #mayBecome} is the only list of legal
 * moves.
 */
public enum JobState {
  /** The bundle was moved into the job's work folder, its hashes are known. */
  CLAIMED,
  /** Checked; the request is composed and stored and waits for its turn. */
  READY,
  /** Durably written before the createTask socket is opened. */
  SUBMITTING,
  /** No definite answer to createTask; never resent by the program. */
  SUBMIT_UNKNOWN,
  /** The task id is durably stored; the provider works. */
  RUNNING,
  /** The provider said success; the result URLs are stored. */
  GENERATED,
  /** The bytes are here, checked, synced and hashed. */
  FETCHED,
  /** Every target has a receipt. */
  DELIVERED,
  /** Ended in one of the {@link FailureClass}es. */
  FAILED,
  /** A person stopped it. */
  CANCELLED,
  /** The same content with the same request is already known under another job. */
  DUPLICATE;

  /** Whether the program has nothing more to do for a job in this state, short of a redrive. */
  public boolean ended() {
    return switch (this) {
      case DELIVERED, FAILED, CANCELLED, DUPLICATE, SUBMIT_UNKNOWN -> true;
      case CLAIMED, READY, SUBMITTING, RUNNING, GENERATED, FETCHED -> false;
    };
  }

  /** Whether a job in this state may move to {@code next}. */
  public boolean mayBecome(JobState next) {
    return nexts().contains(next);
  }

  private Set<JobState> nexts() {
    return switch (this) {
      case CLAIMED -> Set.of(READY, FAILED, DUPLICATE, CANCELLED);
      case READY -> Set.of(SUBMITTING, FAILED, CANCELLED);
      case SUBMITTING -> Set.of(RUNNING, READY, SUBMIT_UNKNOWN, FAILED);
      case SUBMIT_UNKNOWN -> Set.of(RUNNING, READY, CANCELLED);
      case RUNNING -> Set.of(GENERATED, FAILED, CANCELLED);
      case GENERATED -> Set.of(FETCHED, FAILED, CANCELLED);
      case FETCHED -> Set.of(DELIVERED, FAILED, CANCELLED);
      case FAILED -> Set.of(READY, RUNNING, GENERATED, FETCHED, CANCELLED);
      case DELIVERED, CANCELLED, DUPLICATE -> Set.of();
    };
  }
}
