package io.klingdrop.submit;

import io.klingdrop.job.ClosedLane;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.ledger.Due;
import io.klingdrop.ledger.JobClaims;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.provider.Lanes;
import io.klingdrop.provider.Providers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The ready jobs whose turn has come: as many as their accounts have room for, as lanes are open
 * and as the money of the day reaches. Thread-safe.
 */
public final class ReadyJobs {
  /** Long enough for the slowest upload of a claimed job; a crash releases leases at start. */
  private static final Duration LEASE = Duration.ofMinutes(30);

  private final JobClaims claims;
  private final JobQueries queries;
  private final Providers providers;
  private final Lanes lanes;
  private final LaneProbe probe;
  private final BudgetGate budget;
  private final Supplier<Optional<String>> lackOfRoom;
  private final InstantSource clock;
  private final Set<String> proven = ConcurrentHashMap.newKeySet();

  /**
   * The ready jobs of these accounts.
   *
   * @param lackOfRoom what our disks have too little of for a finished video, and where; empty if
   *     there is room
   */
  ReadyJobs(
      JobClaims claims,
      JobQueries queries,
      Providers providers,
      Lanes lanes,
      BudgetGate budget,
      Supplier<Optional<String>> lackOfRoom,
      InstantSource clock) {
    this.claims = claims;
    this.queries = queries;
    this.providers = providers;
    this.lanes = lanes;
    this.probe = new LaneProbe(providers, lanes);
    this.budget = budget;
    this.lackOfRoom = lackOfRoom;
    this.clock = clock;
  }

  /** Claims as many ready jobs as their accounts have room for; the profiles take turns. */
  public List<Job> claimDue() {
    reread();
    budget.wake();
    var jobs = new ArrayList<Job>();
    for (var account : providers.all()) {
      var room = probe.room(account.name(), room(account));
      jobs.addAll(claim(account.name(), lanes.models(account.name()), room));
    }
    return jobs;
  }

  /** An account that has not yet accepted anything since the start gets one job at a time. */
  private int room(Providers.Account account) {
    var busy = queries.counts().inFlight(account.name());
    if (!proven.contains(account.name())) {
      return queries.counts().leased(account.name()) == 0
          ? Math.min(1, settingsRoom(account, busy))
          : 0;
    }
    return Math.min(settingsRoom(account, busy), 16);
  }

  private static int settingsRoom(Providers.Account account, int busy) {
    return Math.max(0, account.settings().maxInFlight() - busy);
  }

  private List<Job> claim(String provider, List<ClosedLane> shut, int room) {
    var jobs = new ArrayList<Job>();
    var models = new HashSet<String>();
    for (var lane : shut) {
      models.add(lane.model());
      if (room > 0 && lanes.probeNow(lane)) {
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
      var claimed = claims.claimDue(due, LEASE);
      jobs.addAll(budget.affordable(claimed));
      more = claimed.size() == wanted && jobs.size() < limit;
    }
    return jobs;
  }

  /** Whether nothing may be created at the job's account any more, though it was claimed. */
  boolean mustWait(Job job) {
    reread();
    return lanes.held(job.provider())
        || lanes
            .account(job.provider())
            .filter(lane -> clock.instant().isBefore(lane.probeAt()) && lane.probes() == 0)
            .isPresent();
  }

  /** The account accepted a task: from now on it gets more than one job at a time. */
  void proven(String account) {
    proven.add(account);
  }

  /** What people paused, and whether there is room: also for those who look at the lanes. */
  public void reread() {
    lanes.reread();
    lanes.room(providers.all().stream().map(Providers.Account::name).toList(), lackOfRoom.get());
  }
}
