package io.klingdrop.camel;

import io.klingdrop.job.Job;
import io.klingdrop.job.JobLog;
import io.klingdrop.ledger.Holder;
import io.klingdrop.ledger.JobClaims;
import io.klingdrop.ledger.LedgerException;
import io.klingdrop.ledger.Shipment;
import io.klingdrop.ledger.Shipments;
import io.klingdrop.time.Time;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives jobs back whose step broke off, so that they are due again soon. Where the ledger itself
 * refuses, as on a full disk, it is asked again until it takes them. Thread-safe.
 */
public final class LeaseReturn implements Leases, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseReturn.class);
  private static final Duration DUE_IN = Duration.ofSeconds(15);
  private static final Duration PERIOD = Duration.ofSeconds(5);

  private final Holder holder;
  private final JobClaims claims;
  private final Shipments shipments;
  private final BooleanSupplier mayClaim;
  private final Time clock;
  private final Set<Held> waiting = ConcurrentHashMap.newKeySet();
  private final Time.Timer timer;

  /**
   * What somebody has claimed.
   *
   * @param target empty for the job itself
   */
  private record Held(String job, String target) {}

  /**
   * What this node has claimed.
   *
   * @param mayClaim whether it may take up more
   */
  public LeaseReturn(
      Holder holder, JobClaims claims, Shipments shipments, BooleanSupplier mayClaim, Time clock) {
    this.holder = holder;
    this.claims = claims;
    this.shipments = shipments;
    this.mayClaim = mayClaim;
    this.clock = clock;
    this.timer = clock.timer("give-back");
  }

  /** From now on what the ledger refused is offered again. */
  public void start() {
    timer.every(PERIOD, PERIOD, () -> waiting.forEach(this::tryToGive));
  }

  @Override
  public boolean mayClaim() {
    return mayClaim.getAsBoolean();
  }

  @Override
  public boolean begins(Object claimed) {
    return holder.begins(claimed);
  }

  @Override
  public void ends(Object claimed) {
    holder.ends(claimed);
  }

  /** Gives a job, or its way to one target, back now or as soon as the ledger takes it. */
  @Override
  public void giveBack(Object claimed) {
    if (claimed instanceof Job job) {
      tryToGive(new Held(job.id(), ""));
    } else if (claimed instanceof Shipment shipment) {
      tryToGive(new Held(shipment.job().id(), shipment.target()));
    }
    // an outcome is due again when its lease is over
  }

  private void tryToGive(Held held) {
    try {
      var again = clock.instant().plus(DUE_IN);
      if (held.target().isEmpty()) {
        claims.giveBack(held.job(), again);
      } else {
        shipments.giveBack(held.job(), held.target(), again);
      }
      waiting.remove(held);
    } catch (LedgerException e) {
      if (waiting.add(held)) {
        JobLog.about(
            held.job(),
            () -> LOG.error("{}: waits for the ledger: {}", held.job(), e.getMessage()));
      }
    }
  }

  @Override
  public void close() {
    timer.close();
  }
}
