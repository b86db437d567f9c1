package io.klingdrop.deliver;

import io.klingdrop.fault.CrashPoint;
import io.klingdrop.files.Moves;
import io.klingdrop.job.Backoff;
import io.klingdrop.job.Failure;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.ledger.Due;
import io.klingdrop.ledger.Ledger;
import io.klingdrop.ledger.Receipts;
import io.klingdrop.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.apache.camel.ExchangeProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings fetched results to an end: all receipts there, the note written, the job DELIVERED. A
 * target that refuses is tried again in this step alone. Thread-safe.
 */
public final class Deliveries {
  private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);
  private static final Duration LEASE = Duration.ofMinutes(60);

  private final Ledger ledger;
  private final Receipts receipts;
  private final Outbox outbox;
  private final Settings settings;
  private final InstantSource clock;

  /** The deliver stage. */
  public Deliveries(
      Ledger ledger, Receipts receipts, Outbox outbox, Settings settings, InstantSource clock) {
    this.ledger = ledger;
    this.receipts = receipts;
    this.outbox = outbox;
    this.settings = settings;
    this.clock = clock;
  }

  /** Claims finished tasks whose results are to be fetched. */
  public List<Job> claimGenerated() {
    return claim(JobState.GENERATED);
  }

  /** Claims jobs whose results are here and not yet delivered. */
  public List<Job> claimFetched() {
    return claim(JobState.FETCHED);
  }

  private List<Job> claim(JobState state) {
    return ledger.claimDue(Due.in(Set.of(state), 8), settings.folders().data().toString(), LEASE);
  }

  /** All targets have confirmed: writes the note and commits DELIVERED. */
  public Job close(@ExchangeProperty("job") Job job) throws IOException {
    var note = outbox.sidecar(job);
    var parent = note.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Moves.write(note, ResultNote.of(job, receipts.locations(job.id()), clock.instant()));
    CrashPoint.at("deliver.note-written");
    var delivered = ledger.delivered(job);
    CrashPoint.at("deliver.delivered-committed");
    outbox.release(job);
    CrashPoint.at("deliver.names-released");
    LOG.info("{}: delivered to {}", job.label(), String.join(", ", receipts.locations(job.id())));
    return delivered;
  }

  /**
   * A target refused; it is tried again until the give-up time.
   *
   * @return the job: FETCHED still, due again later; or FAILED as delivery
   */
  public Job later(
      @ExchangeProperty("job") Job job, @ExchangeProperty("CamelExceptionCaught") Exception cause) {
    outbox.release(job);
    var now = clock.instant();
    var current = ledger.refreshed(job);
    var reason = "the outbox refused: " + rootOf(cause).getMessage();
    var since = current.troubleSince();
    if (since != null && !now.isBefore(since.plus(settings.deliver().giveUp()))) {
      LOG.error("{}: given up delivering the paid video: {}", job.label(), reason);
      var kept = settings.folders().work(job.id()).resolve("out");
      return ledger.failed(
          current, Failure.of(FailureClass.DELIVERY, reason + ". The video is kept in " + kept));
    }
    LOG.warn("{}: {}. The video is safe and delivery is tried again.", job.label(), reason);
    return CrashPoint.after(
        "deliver.later-committed",
        ledger.tryAgain(current, reason, now.plus(Backoff.after(current.tries()))));
  }

  private static Throwable rootOf(Throwable cause) {
    var root = cause;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root;
  }
}
