package io.klingdrop.deliver;

import io.klingdrop.fault.CrashPoint;
import io.klingdrop.job.Backoff;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.job.Text;
import io.klingdrop.ledger.Due;
import io.klingdrop.ledger.Shipment;
import io.klingdrop.ledger.Shipments;
import io.klingdrop.s3.BucketBreaker;
import io.klingdrop.s3.StoreException;
import io.klingdrop.s3.StoreException.Trouble;
import io.klingdrop.stage.StageContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.util.ObjectHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings fetched results to an end: to each target by itself, and the job DELIVERED once all of
 * them have it. A target that refuses is tried again alone. Thread-safe.
 */
public final class Deliveries {
  private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);
  private static final Duration LEASE = Duration.ofMinutes(60);

  /** How often the targets of a waiting job are compared with the settings. */
  private static final Duration LOOK_AGAIN = Duration.ofMinutes(10);

  private final StageContext context;
  private final Shipments shipments;
  private final Targets targets;
  private final Outbox outbox;
  private final Bucket bucket;
  private final BucketBreaker breaker;

  Deliveries(
      StageContext context,
      Shipments shipments,
      Targets targets,
      Outbox outbox,
      Bucket bucket,
      BucketBreaker breaker) {
    this.context = context;
    this.shipments = shipments;
    this.targets = targets;
    this.outbox = outbox;
    this.bucket = bucket;
    this.breaker = breaker;
  }

  public List<Job> claimFetched() {
    return context.claims().claimDue(Due.in(Set.of(JobState.FETCHED), 8), LEASE);
  }

  /** Names the targets of a fetched job; each takes it from there by itself. */
  public Job open(@Body Job job) {
    return CrashPoint.after(
        "deliver.opened-committed",
        shipments.open(job, targets.of(job), context.clock().instant().plus(LOOK_AGAIN)));
  }

  /** Claims what is due for the outbox; while that is not mounted, all waits and no time counts. */
  public List<Shipment> claimForOutbox() {
    if (!outbox.isHere()) {
      shipments.excused(Outbox.TARGET);
      return List.of();
    }
    return shipments.claimDue(Outbox.TARGET, 8, LEASE);
  }

  public List<Shipment> claimForBucket() {
    return shipments.claimDue(Bucket.TARGET, 8, LEASE);
  }

  /**
   * Called before the bucket is used.
   *
   * @throws StoreException if the bucket is known not to work and it is not the time to try it
   */
  public void mayTryBucket() {
    breaker.enter();
  }

  /** The target holds all results and the note: commits it, and DELIVERED if it was the last. */
  public Job arrived(@ExchangeProperty("shipment") Shipment shipment) {
    var job = shipments.arrived(shipment);
    CrashPoint.at("deliver.delivered-committed");
    release(shipment);
    if (shipment.target().equals(Bucket.TARGET)) {
      breaker.works();
    }
    CrashPoint.at("deliver.names-released");
    if (job.state() == JobState.DELIVERED) {
      LOG.info(
          "{}: delivered to {}",
          job.label(),
          String.join(", ", context.receipts().locations(job.id())));
    }
    return job;
  }

  private void release(Shipment shipment) {
    if (shipment.target().equals(Bucket.TARGET)) {
      bucket.release(shipment.job());
    } else {
      outbox.release(shipment.job());
    }
  }

  /**
   * A target refused; it is tried again until the give-up time, then given up by itself.
   *
   * @return the job: FETCHED still, or FAILED as delivery if this was the last of its targets
   */
  public Job later(
      @ExchangeProperty("shipment") Shipment shipment,
      @ExchangeProperty("CamelExceptionCaught") Exception cause) {
    release(shipment);
    var now = context.clock().instant();
    var store = ObjectHelper.getException(StoreException.class, cause);
    var trouble = store != null && store.trouble() == Trouble.PLACE ? store : null;
    if (trouble != null) {
      breaker.troubled(trouble);
    }
    var reason =
        trouble != null
            ? String.valueOf(trouble.getMessage())
            : (shipment.target().equals(Bucket.TARGET) ? "the bucket" : "the outbox")
                + " refused: "
                + (store == null ? Text.root(cause) : store).getMessage();
    var job = shipment.job();
    var since = shipment.troubleSince();
    if (since != null && !now.isBefore(since.plus(context.settings().deliver().giveUp()))) {
      LOG.error("{}: given up delivering the paid video: {}", job.label(), reason);
      var kept = context.settings().folders().work(job.id()).resolve("out");
      return CrashPoint.after(
          "deliver.given-up-committed",
          shipments.givenUp(shipment, reason + ". The video is kept in " + kept));
    }
    if (trouble == null) {
      LOG.warn("{}: {}. The video is safe and delivery is tried again.", job.label(), reason);
    }
    shipments.later(shipment, reason, again(shipment, trouble));
    CrashPoint.at("deliver.later-committed");
    return job;
  }

  private Instant again(Shipment shipment, @Nullable StoreException trouble) {
    return trouble == null
        ? context.clock().instant().plus(Backoff.after(shipment.tries()))
        : breaker.comeAgain(shipment.tries());
  }
}
