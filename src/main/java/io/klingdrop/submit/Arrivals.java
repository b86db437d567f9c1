package io.klingdrop.submit;

import io.klingdrop.job.JobLog;
import io.klingdrop.job.JobState;
import io.klingdrop.ledger.Books;
import io.klingdrop.ledger.CallbackRows;
import io.klingdrop.ledger.CallbackRows.Address;
import io.klingdrop.ledger.Ledger;
import io.klingdrop.ledger.LedgerException;
import io.klingdrop.ledger.StaleJobException;
import io.klingdrop.provider.CallbackWord.Told;
import io.klingdrop.provider.Callbacks;
import io.klingdrop.provider.Providers;
import io.klingdrop.provider.Sighting;
import io.klingdrop.provider.TaskClaim;
import io.klingdrop.time.Time;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What callbacks set in motion. The caller is never kept waiting: a running job becomes due, so
 * that the provider is asked; a job whose createTask answer was lost gets its task back once the
 * provider confirms it. However often a job is called about, it is worked on once at a time.
 * Thread-safe.
 */
public final class Arrivals implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Arrivals.class);

  /** Long enough for a createTask call to time out, and for a failed job's files to be put away. */
  private static final int MOST_TRIES = 200;

  private static final Duration AGAIN = Duration.ofMillis(500);

  private final Ledger ledger;
  private final Books books;
  private final CallbackRows rows;
  private final Providers providers;
  private final Callbacks callbacks;
  private final Runnable wake;
  private final Time clock;
  private final ConcurrentHashMap<String, Told> waiting = new ConcurrentHashMap<>();
  private final Time.Timer hand;
  private final Time.Timer finder;

  /**
   * Callbacks for the jobs of this ledger.
   *
   * @param wake wakes the poll stage
   */
  public Arrivals(
      Ledger ledger,
      Books books,
      CallbackRows rows,
      Providers providers,
      Callbacks callbacks,
      Runnable wake,
      Time clock) {
    this.ledger = ledger;
    this.books = books;
    this.rows = rows;
    this.providers = providers;
    this.callbacks = callbacks;
    this.wake = wake;
    this.clock = clock;
    this.hand = clock.timer("callbacks");
    this.finder = clock.timer("callback-finder");
  }

  /** Takes up callbacks that came before the last stop. */
  public void resume() {
    for (var address : rows.lostButTold()) {
      find(address, String.valueOf(address.taskId()), 0);
    }
  }

  /** A callback with the right secret came. Returns at once. */
  public void told(Address address, Told told) {
    callbacks.heard(address, told.ended());
    waiting.merge(address.hash(), told, Arrivals::more);
    later(hand, address, () -> work(address, 0), Duration.ZERO);
  }

  /**
   * An end beats news on the way, a named task beats none; the first one stays if it is as good.
   */
  private static Told more(Told before, Told now) {
    return (now.ended() && !before.ended())
            || (before.taskId().isEmpty() && !now.taskId().isEmpty())
        ? now
        : before;
  }

  private void work(Address address, int tries) {
    var told = waiting.remove(address.hash());
    if (told == null) {
      return;
    }
    try {
      var state = rows.heard(address, told.taskId(), told.ended(), clock.instant());
      if (state == JobState.RUNNING && told.ended()) {
        wake.run();
      } else if (state == JobState.SUBMIT_UNKNOWN) {
        find(address, told.taskId(), 0);
      } else if (state == JobState.SUBMITTING) {
        again(address, told, tries);
      }
    } catch (LedgerException e) {
      LOG.warn("a callback of job {} waits for the ledger: {}", address.jobId(), e.getMessage());
      again(address, told, tries);
    }
  }

  private void again(Address address, Told told, int tries) {
    if (tries < MOST_TRIES && waiting.putIfAbsent(address.hash(), told) == null) {
      later(hand, address, () -> work(address, tries + 1), AGAIN);
    }
  }

  private void find(Address address, String taskId, int tries) {
    later(finder, address, () -> look(address, taskId, tries), tries == 0 ? Duration.ZERO : AGAIN);
  }

  private void look(Address address, String taskId, int tries) {
    try {
      if (!settled(address, taskId) && tries < MOST_TRIES) {
        find(address, taskId, tries + 1);
      }
    } catch (StaleJobException e) {
      find(address, taskId, tries + 1);
    } catch (LedgerException e) {
      LOG.warn("a lost task waits for the ledger: {}", e.getMessage());
      find(address, taskId, tries + 1);
    }
  }

  /** Whether nothing is left to do for the lost job. */
  private boolean settled(Address address, String taskId) {
    var job = books.job(address.jobId()).orElse(null);
    if (job == null
        || taskId.isEmpty()
        || job.state() != JobState.SUBMIT_UNKNOWN
        || job.attempts() != address.attempt()) {
      return true;
    }
    if (!job.filed()) {
      return false;
    }
    var other = books.following(job.provider(), taskId);
    if (other.isPresent()) {
      LOG.warn(
          "{}: a callback names task {}, which job {} follows",
          job.label(),
          taskId,
          other.get().id());
      return true;
    }
    var claim =
        new TaskClaim(
            ExternalId.of(job.id(), job.attempts()),
            address.madeAt(),
            url -> Callbacks.isAddress(address, url));
    var sighting = providers.account(job.provider()).gateway().confirm(job.model(), taskId, claim);
    if (sighting instanceof Sighting.Found found) {
      ledger.broughtHome(job, found.taskId(), address.madeAt());
      LOG.info("{}: a callback brought the lost task {} back", job.label(), found.taskId());
      wake.run();
      return true;
    }
    if (sighting instanceof Sighting.NotThere notThere) {
      LOG.warn(
          "{}: a callback names task {}, which is not believed: {}",
          job.label(),
          taskId,
          notThere.said());
      return true;
    }
    return false;
  }

  private static void later(Time.Timer timer, Address address, Runnable work, Duration delay) {
    // what is dropped at a stop is in the ledger or comes again
    timer.after(
        delay,
        () -> {
          try {
            JobLog.about(address.jobId(), work);
          } catch (RuntimeException e) {
            LOG.error("a callback could not be worked on", e);
          }
        });
  }

  @Override
  public void close() {
    hand.close();
    finder.close();
  }
}
