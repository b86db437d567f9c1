package io.klingdrop.job;

/** Where a job stands; the ledger stores the name. {@link Move} is the list of legal moves. */
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
}
