package io.klingdrop.control;

import io.klingdrop.fault.OutOfMemory;
import io.klingdrop.intake.Inbox;
import io.klingdrop.ledger.Books;
import io.klingdrop.ledger.LedgerException;
import io.klingdrop.ledger.OutcomeRows;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when there is nothing left to do: the inbox read and empty, the ledger without open jobs
 * but those that wait for the money of another day or on a paused lane, and without outcomes that
 * were never sent. Those that somebody did not take are no work of now.
 */
final class IdleWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(IdleWatch.class);

  private final Inbox inbox;
  private final Books books;
  private final OutcomeRows outcomes;
  private final InstantSource time;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            var thread = new Thread(work, "idle-watch");
            thread.setDaemon(true);
            return thread;
          });

  private @Nullable ScheduledFuture<?> looking;

  IdleWatch(Inbox inbox, Books books, OutcomeRows outcomes, InstantSource time) {
    this.inbox = inbox;
    this.books = books;
    this.outcomes = outcomes;
    this.time = time;
  }

  /** Calls {@code whenIdle} once, the first time nothing is left to do. */
  void start(Runnable whenIdle) {
    looking =
        clock.scheduleWithFixedDelay(
            OutOfMemory.seenIn(() -> look(whenIdle)), 200, 200, TimeUnit.MILLISECONDS);
  }

  private void look(Runnable whenIdle) {
    try {
      // the inbox first: what leaves it is in the ledger before the inbox is read again
      if (inbox.lastScan().isPresent()
          && inbox.waiting() == 0
          && books.busy(time.instant()) == 0
          && !outcomes.anyFresh()) {
        clock.shutdown();
        whenIdle.run();
      }
    } catch (LedgerException e) {
      LOG.debug("not idle while the database refuses", e);
    }
  }

  @Override
  public void close() {
    if (looking != null) {
      looking.cancel(false);
    }
    clock.shutdownNow();
  }
}
