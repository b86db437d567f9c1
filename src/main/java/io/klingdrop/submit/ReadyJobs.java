package io.klingdrop.submit;

import io.klingdrop.job.ClosedLane;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.ledger.Due;
import io.klingdrop.ledger.LedgerException;
import io.klingdrop.provider.Providers;
import io.klingdrop.stage.StageContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ready jobs whose turn has come: as many as their accounts have room for, as lanes are open
 * and as the money of the day reaches. Thread-safe.
 */
public final class ReadyJobs {
  private static final Logger LOG = LoggerFactory.getLogger(ReadyJobs.class);

  /** Long enough for the slowest upload of a claimed job; a crash releases leases at start. */
  private static final Duration LEASE = Duration.ofMinutes(30);

  private final StageContext context;
  private final LaneProbe probe;
  private final BudgetGate budget;
  private final Supplier<Optional<String>> lackOfRoom;
  private final Set<String> proven = ConcurrentHashMap.newKeySet();

  /**
   * The ready jobs of these accounts.
   *
   * @param lackOfRoom what our disks have too little of for a finished video, and where; empty if
   *     there is room
   */
  ReadyJobs(StageContext context, BudgetGate budget, Supplier<Optional<String>> lackOfRoom) {
    this.context = context;
    this.probe = new LaneProbe(context.providers(), context.lanes());
    this.budget = budget;
    this.lackOfRoom = lackOfRoom;
  }

  /** Claims as many ready jobs as their accounts have room for; the profiles take turns. */
  public List<Job> claimDue() {
    reread();
    budget.wake();
    var jobs = new ArrayList<Job>();
    for (var account : owned()) {
      var room = probe.room(account.name(), room(account));
      jobs.addAll(claim(account.name(), context.lanes().models(account.name()), room));
    }
    return jobs;
  }

  /** An account that has not yet accepted anything since the start gets one job at a time. */
  private int room(Providers.Account account) {
    var counts = context.queries().counts();
    var free = account.settings().maxInFlight() - counts.inFlight(account.name(), context.clock());
    var known = proven.contains(account.name());
    if (!known && counts.leased(account.name(), context.clock()) > 0) {
      return 0;
    }
    return Math.max(0, Math.min(free, known ? 16 : 1));
  }

  private List<Job> claim(String provider, List<ClosedLane> shut, int room) {
    var jobs = new ArrayList<Job>();
    var models = new HashSet<String>();
    for (var lane : shut) {
      models.add(lane.model());
      if (room > 0 && context.lanes().probeNow(lane)) {
        jobs.addAll(due(provider, Set.of(lane.model()), false, 1));
      }
    }
    jobs.addAll(due(provider, models, true, room - jobs.size()));
    return jobs;
  }

  private List<Job> due(String provider, Set<String> models, boolean except, int limit) {
    var jobs = new ArrayList<Job>();
    var more = limit > 0;
    while (more) {
      var wanted = limit - jobs.size();
      var due = new Due(Set.of(JobState.READY), provider, models, except, wanted);
      var claimed = context.claims().claimDue(due, LEASE);
      jobs.addAll(budget.affordable(claimed));
      more = claimed.size() == wanted && jobs.size() < limit;
    }
    return jobs;
  }

  /** Whether nothing may be created at the job's account any more, though it was claimed. */
  boolean mustWait(Job job) {
    reread();
    return context.lanes().held(job.provider())
        || context
            .lanes()
            .account(job.provider())
            .filter(
                lane -> context.clock().instant().isBefore(lane.probeAt()) && lane.probes() == 0)
            .isPresent();
  }

  /** The account accepted a task: from now on it gets more than one job at a time. */
  void proven(String account) {
    proven.add(account);
  }

  /**
   * Sees what people paused and whether there is room, for those who only look at the lanes. A
   * ledger that does not answer is told of by those who claim. Takes as long as the disks do.
   */
  public void look() {
    try {
      if (context.node().shared()) {
        // what people paused comes with each beat
        room();
      } else {
        reread();
      }
    } catch (LedgerException e) {
      LOG.debug("the lanes stay as they were", e);
    }
  }

  private void reread() {
    context.lanes().reread();
    room();
  }

  private void room() {
    context.lanes().room(owned().stream().map(Providers.Account::name).toList(), lackOfRoom.get());
  }

  private List<Providers.Account> owned() {
    return context.providers().all().stream()
        .filter(account -> context.node().owns(account.name()))
        .toList();
  }
}
