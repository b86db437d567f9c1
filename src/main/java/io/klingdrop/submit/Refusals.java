package io.klingdrop.submit;

import io.klingdrop.fault.CrashPoint;
import io.klingdrop.job.Backoff;
import io.klingdrop.job.Charged;
import io.klingdrop.job.Failure;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Job;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.Ledger;
import io.klingdrop.provider.Lanes;
import io.klingdrop.provider.Refusal;
import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What each refusal of a createTask means for the job and for its account: it surely created
 * nothing. Thread-safe.
 */
final class Refusals {
  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

  private final Ledger ledger;
  private final JobQueries queries;
  private final Lanes lanes;
  private final Duration giveUp;
  private final InstantSource clock;

  /**
   * Refusals that are written to this ledger.
   *
   * @param giveUp how long a job that is refused again and again is tried
   */
  Refusals(Ledger ledger, JobQueries queries, Lanes lanes, Duration giveUp, InstantSource clock) {
    this.ledger = ledger;
    this.queries = queries;
    this.lanes = lanes;
    this.giveUp = giveUp;
    this.clock = clock;
  }

  /** FAILED, or READY again: at once when a closed lane opens, or after a pause. */
  Job write(Job job, Refusal refusal) {
    return switch (refusal.meaning()) {
      case INVALID -> failed(job, FailureClass.INVALID, refusal);
      case REJECTED -> failed(job, FailureClass.REJECTED, refusal);
      case KEY, CREDIT, CAP, ADDRESS -> {
        var probeAt = lanes.close(job.provider(), "", refusal);
        yield ledger.refused(job, refusal.said(), probeAt, false);
      }
      case DISABLED -> {
        var probeAt = lanes.close(job.provider(), job.model(), refusal);
        yield ledger.refused(job, refusal.said(), probeAt, false);
      }
      case FULL -> {
        // while own tasks hold the places, waiting for one is no trouble
        var probeAt = lanes.close(job.provider(), "", refusal);
        yield queries.counts().inFlight(job.provider()) > 1
            ? ledger.refused(job, refusal.said(), probeAt, false)
            : again(job, refusal, Duration.ZERO);
      }
      case RATE, MAINTENANCE -> {
        lanes.close(job.provider(), "", refusal);
        yield again(job, refusal, Duration.ZERO);
      }
      case BUSY -> again(job, refusal, Backoff.after(job.progress().tries()));
      case GENERATION, UNKNOWN_TASK, NO_WORD, LOST ->
          throw new IllegalStateException("no refusal of a createTask: " + refusal.meaning());
    };
  }

  /** Surely nothing was created: the job waits for another turn, until the give-up time. */
  private Job again(Job job, Refusal refusal, Duration wait) {
    var since = job.progress().troubleSince();
    var now = clock.instant();
    if (since != null && !now.isBefore(since.plus(giveUp))) {
      return failed(job, FailureClass.PROVIDER, refusal);
    }
    LOG.warn("{}: refused, nothing was created: {}", job.label(), refusal.said());
    return CrashPoint.after(
        "submit.refused-committed", ledger.refused(job, refusal.said(), now.plus(wait), true));
  }

  private Job failed(Job job, FailureClass failureClass, Refusal refusal) {
    return ledger.failed(
        job,
        new Failure(
            failureClass, refusal.code(), refusal.message(), refusal.httpStatus(), Charged.NO));
  }
}
