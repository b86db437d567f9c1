package io.klingdrop.redrive;

import io.klingdrop.job.Job;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.Ledger;
import io.klingdrop.ledger.StaleJobException;
import java.util.Optional;

/**
 * Takes one verb to jobs, each in a transaction of its own. The service may change a job meanwhile;
 * what it changed is read and judged again. Thread-safe as far as the verb is.
 */
public record VerbRun(Verb verb, JobQueries queries, Ledger ledger) {
  private static final int TRIES = 10;

  /** What became of one job. */
  public sealed interface Answer permits Done, Refused {}

  /**
   * It was done, or would be.
   *
   * @param job as it was before
   * @param effect as {@link Verb#effect} says
   * @param said what to tell the person
   */
  public record Done(Job job, String effect, String said) implements Answer {}

  /**
   * Nothing was changed.
   *
   * @param code why, one word: {@code no-such-job}, {@code still-filing}, {@code wrong-state},
   *     {@code busy} or {@code refused}
   * @param reason the same for a person
   */
  public record Refused(String code, String reason) implements Answer {}

  /** What stands in the way at that job; empty: nothing does. */
  public Optional<Refused> objection(Job job) {
    if (job.state().ended() && !job.filed()) {
      return Optional.of(
          new Refused("still-filing", "its files are still being put away; try again then"));
    }
    return verb.objection(job)
        .map(
            reason ->
                new Refused(reason.equals(Verbs.itIs(job)) ? "wrong-state" : "refused", reason));
  }

  /**
   * Does it to the job of that id.
   *
   * @param dry true: only say what would be done
   */
  public Answer take(String id, boolean dry) {
    for (int n = 1; n <= TRIES; n++) {
      var job = queries.job(id);
      if (job.isEmpty()) {
        return new Refused("no-such-job", "there is no such job");
      }
      var objection = objection(job.get());
      if (objection.isPresent()) {
        return objection.get();
      }
      try {
        var effect = verb.effect(job.get());
        var said = dry ? verb.says(job.get()) : verb.change(job.get(), ledger);
        return new Done(job.get(), effect, said);
      } catch (StaleJobException e) {
        // somebody else was faster: what he made of the job is judged anew
      }
    }
    return new Refused("busy", "klingdrop is busy with this job; try again");
  }
}
