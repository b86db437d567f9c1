package io.klingdrop.submit;

import io.klingdrop.fault.CrashPoint;
import io.klingdrop.job.Backoff;
import io.klingdrop.job.Charged;
import io.klingdrop.job.Failure;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Job;
import io.klingdrop.provider.Meaning;
import io.klingdrop.provider.Refusal;
import io.klingdrop.stage.StageContext;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What each refusal of a createTask means for the job and for its account: it surely created
 * nothing. Thread-safe.
 */
record Refusals(StageContext context) {
  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

  /** FAILED, or READY again: at once when a closed lane opens, or after a pause. */
  Job write(Job job, Refusal refusal) {
    return switch (refusal.meaning()) {
      case INVALID -> failed(job, FailureClass.INVALID, refusal);
      case REJECTED -> failed(job, FailureClass.REJECTED, refusal);
      case KEY, CREDIT, CAP, ADDRESS -> shut(job, "", refusal);
      case DISABLED -> shut(job, job.model(), refusal);
      // while own tasks hold the places, waiting for one is no trouble
      case FULL ->
          context.queries().counts().inFlight(job.provider(), context.clock()) > 1
              ? shut(job, "", refusal)
              : later(job, refusal);
      case RATE -> later(job, tooMany(job, refusal));
      case SHARED, MAINTENANCE -> later(job, refusal);
      case BUSY -> again(job, refusal, Backoff.after(job.progress().tries()));
      case GENERATION, UNKNOWN_TASK, NO_WORD, LOST ->
          throw new IllegalStateException("no refusal of a createTask: " + refusal.meaning());
    };
  }

  /** Whether the calls were ours: with fewer than it may make, this program is not the cause. */
  private Refusal tooMany(Job job, Refusal refusal) {
    var pace = context.providers().account(job.provider()).createPace();
    return pace.busy()
        ? refusal
        : new Refusal(
            Meaning.SHARED,
            refusal.code(),
            refusal.message(),
            refusal.httpStatus(),
            refusal.retryAfter());
  }

  /** Closes a lane of the account, or the whole; the job is due when it opens. */
  private Job shut(Job job, String model, Refusal refusal) {
    var probeAt = context.lanes().close(job.provider(), model, refusal);
    return context.ledger().refused(job, refusal.said(), probeAt, false);
  }

  /** Closes the account for a while, which counts as a trouble of the job. */
  private Job later(Job job, Refusal refusal) {
    context.lanes().close(job.provider(), "", refusal);
    return again(job, refusal, Duration.ZERO);
  }

  /** Surely nothing was created: the job waits for another turn, until the give-up time. */
  private Job again(Job job, Refusal refusal, Duration wait) {
    var since = job.progress().troubleSince();
    var now = context.clock().instant();
    if (since != null && !now.isBefore(since.plus(context.settings().submit().giveUp()))) {
      return failed(job, FailureClass.PROVIDER, refusal);
    }
    LOG.warn("{}: refused, nothing was created: {}", job.label(), refusal.said());
    return CrashPoint.after(
        "submit.refused-committed",
        context.ledger().refused(job, refusal.said(), now.plus(wait), true));
  }

  private Job failed(Job job, FailureClass failureClass, Refusal refusal) {
    var failure =
        new Failure(
            failureClass, refusal.code(), refusal.message(), refusal.httpStatus(), Charged.NO);
    return context.ledger().failed(job, failure);
  }
}
