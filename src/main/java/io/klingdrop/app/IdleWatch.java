package io.klingdrop.app;

import io.klingdrop.intake.Inbox;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.LedgerException;
import io.klingdrop.ledger.OutcomeRows;
import io.klingdrop.time.Time;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when there is nothing left to do: the inbox read and empty, the ledger without open jobs
 * but those that wait for the money of another day or on a paused lane, and without outcomes that
 * were never sent. Those that somebody did not take are no work of now.
 */
final class IdleWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(IdleWatch.class);
  private static final Duration PERIOD = Duration.ofMillis(200);

  private final Inbox inbox;
  private final JobQueries queries;
  private final OutcomeRows outcomes;
  private final Time time;
  private final Time.Timer timer;
  private boolean told;

  IdleWatch(Inbox inbox, JobQueries queries, OutcomeRows outcomes, Time time) {
    this.inbox = inbox;
    this.queries = queries;
    this.outcomes = outcomes;
    this.time = time;
    this.timer = time.timer("idle-watch");
  }

  /** Calls {@code whenIdle} once, the first time nothing is left to do. */
  void start(Runnable whenIdle) {
    timer.every(PERIOD, PERIOD, () -> look(whenIdle));
  }

  private void look(Runnable whenIdle) {
    try {
      // the inbox first: what leaves it is in the ledger before the inbox is read again
      if (!told
          && inbox.lastScan().isPresent()
          && inbox.waiting() == 0
          && queries.counts().busy(time.instant()) == 0
          && !outcomes.anyFresh()) {
        told = true;
        whenIdle.run();
      }
    } catch (LedgerException e) {
      LOG.debug("not idle while the database refuses", e);
    }
  }

  @Override
  public void close() {
    timer.close();
  }
}
