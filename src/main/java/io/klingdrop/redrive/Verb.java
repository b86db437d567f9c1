package io.klingdrop.redrive;

import io.klingdrop.job.Job;
import io.klingdrop.ledger.Ledger;
import java.util.Optional;

/** One way on for a job that a person may choose. */
public sealed interface Verb
    permits Verbs.Recheck, Verbs.Redeliver, Verbs.Resubmit, Verbs.Attach, Verbs.Cancel {

  /** Why it does not apply to that job, one sentence; empty if it does. */
  Optional<String> objection(Job job);

  /** Whether a selection by profile, or of all jobs, takes a job to which the verb applies. */
  default boolean sweeps(Job job) {
    return true;
  }

  /** Whether it may have the provider paid for once more. */
  default boolean pays() {
    return false;
  }

  /**
   * What it does to that job and what that costs, one word for those who word it themselves: {@code
   * free}, {@code costs} its estimate, {@code costs-unknown}, or {@code cancel-} and what is known
   * of what was charged.
   */
  default String effect(Job job) {
    return "free";
  }

  /** What it does to that job and what that costs, a few words. */
  String says(Job job);

  /**
   * Does it.
   *
   * @return what to tell the person
   * @throws io.klingdrop.ledger.StaleJobException if the job has changed since it was read
   */
  String change(Job job, Ledger ledger);
}
