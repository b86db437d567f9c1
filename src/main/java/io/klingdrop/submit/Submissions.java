package io.klingdrop.submit;

import io.klingdrop.fault.CrashPoint;
import io.klingdrop.job.Backoff;
import io.klingdrop.job.Charged;
import io.klingdrop.job.ClosedLane;
import io.klingdrop.job.Failure;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobLog;
import io.klingdrop.job.JobState;
import io.klingdrop.ledger.Due;
import io.klingdrop.ledger.JobClaims;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.Ledger;
import io.klingdrop.ledger.LedgerException;
import io.klingdrop.ledger.StaleJobException;
import io.klingdrop.provider.CreateAnswer;
import io.klingdrop.provider.Lanes;
import io.klingdrop.provider.Meaning;
import io.klingdrop.provider.Providers;
import io.klingdrop.provider.Refusal;
import io.klingdrop.provider.TaskRequest;
import io.klingdrop.settings.Settings;
import io.klingdrop.time.Time;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The paid step. SUBMITTING is committed before createTask is called; its answer is committed
 * before anything else is done. An answer that is not definite is never followed by a second call.
 * Thread-safe.
 */
public final class Submissions {
  private static final Logger LOG = LoggerFactory.getLogger(Submissions.class);

  /** Long enough for the slowest upload of a claimed job; a crash releases leases at start. */
  private static final Duration LEASE = Duration.ofMinutes(30);

  private final Ledger ledger;
  private final JobClaims claims;
  private final JobQueries queries;
  private final Providers providers;
  private final Lanes lanes;
  private final LaneProbe probe;
  private final Requests requests;
  private final BudgetGate budget;
  private final TaskIdNote notes;
  private final Function<Job, Instant> firstLook;
  private final Supplier<Optional<String>> lackOfRoom;
  private final Settings settings;
  private final Time clock;
  private final Set<String> proven = ConcurrentHashMap.newKeySet();
  private final AtomicInteger lostInARow = new AtomicInteger();

  /**
   * The submit stage of these accounts.
   *
   * @param firstLook when a task that is accepted now is first looked at; must not fail
   * @param lackOfRoom what our disks have too little of for a finished video, and where; empty if
   *     there is room
   */
  public Submissions(
      Ledger ledger,
      JobClaims claims,
      JobQueries queries,
      Providers providers,
      Lanes lanes,
      Requests requests,
      BudgetGate budget,
      TaskIdNote notes,
      Function<Job, Instant> firstLook,
      Supplier<Optional<String>> lackOfRoom,
      Settings settings,
      Time clock) {
    this.ledger = ledger;
    this.claims = claims;
    this.queries = queries;
    this.providers = providers;
    this.lanes = lanes;
    this.probe = new LaneProbe(providers, lanes);
    this.requests = requests;
    this.budget = budget;
    this.notes = notes;
    this.firstLook = firstLook;
    this.lackOfRoom = lackOfRoom;
    this.settings = settings;
    this.clock = clock;
  }

  private void reread() {
    lanes.reread();
    lanes.room(providers.all().stream().map(Providers.Account::name).toList(), lackOfRoom.get());
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

  /**
   * Calls createTask once for a job whose media the provider can reach, and commits what came of
   * it.
   *
   * @return the job: RUNNING; READY again if surely nothing was created or the money of the day
   *     does not reach; SUBMIT_UNKNOWN; or FAILED
   * @throws InterruptedException if the program stops before the job's turn came; nothing was sent
   * @throws IOException if a file that travels inside the request cannot be read; nothing was sent
   */
  public Job createTask(Job ready) throws InterruptedException, IOException {
    var account = providers.account(ready.provider());
    var request = requests.complete(ready);
    account.createPace().await();
    reread();
    if (lanes.held(ready.provider()) || closedMeanwhile(ready)) {
      return claims.released(ready, clock.instant());
    }
    var changed = requests.changed(ready, request);
    if (changed.isPresent()) {
      return ledger.failed(ready, changed.get());
    }
    CrashPoint.at("submit.before-submitting");
    var submitting = budget.submitting(ready);
    if (submitting.state() == JobState.READY) {
      return submitting;
    }
    CrashPoint.at("submit.submitting-committed");
    LOG.info("{}: createTask {}", submitting.label(), submitting.model());
    var answer = call(account, submitting, request);
    CrashPoint.at("submit.create-task-answered");
    if (answer instanceof CreateAnswer.Accepted accepted) {
      lostInARow.set(0);
      return running(submitting, accepted.taskId(), firstLook.apply(submitting));
    }
    if (answer instanceof CreateAnswer.Refused refused) {
      lostInARow.set(0);
      return written(
          submitting, "a refusal", () -> {}, () -> refused(submitting, refused.refusal()));
    }
    var reason = ((CreateAnswer.Lost) answer).reason();
    if (lostInARow.incrementAndGet() >= 2) {
      lanes.close(submitting.provider(), "", Refusal.of(Meaning.LOST, reason));
    }
    return CrashPoint.after(
        "submit.lost-committed",
        written(
            submitting,
            "a lost answer",
            () -> {},
            () -> ledger.submitUnknown(submitting, reason, account.findsTasks())));
  }

  /** Whatever goes wrong once the call has begun, a task may exist. */
  private static CreateAnswer call(Providers.Account account, Job submitting, TaskRequest request) {
    try {
      return account.gateway().createTask(request);
    } catch (RuntimeException e) {
      LOG.error("{}: createTask broke off inside klingdrop", submitting.label(), e);
      return new CreateAnswer.Lost("createTask broke off inside klingdrop: " + e);
    }
  }

  private boolean closedMeanwhile(Job job) {
    return lanes
        .account(job.provider())
        .filter(lane -> clock.instant().isBefore(lane.probeAt()) && lane.probes() == 0)
        .isPresent();
  }

  private Job running(Job submitting, String taskId, Instant firstPoll) {
    LOG.info("{}: accepted as task {}", submitting.label(), taskId);
    proven.add(submitting.provider());
    var running =
        written(
            submitting,
            "the paid task " + taskId,
            () -> notes.keep(submitting.id(), taskId),
            () -> ledger.accepted(submitting, taskId, firstPoll));
    CrashPoint.at("submit.running-committed");
    notes.forget(submitting.id());
    CrashPoint.at("submit.note-forgotten");
    lanes.open(submitting.provider(), "");
    lanes.open(submitting.provider(), submitting.model());
    CrashPoint.at("submit.lanes-opened");
    return running;
  }

  /**
   * Writes the provider's answer down, however often the ledger refuses: it cannot be had again.
   *
   * @param otherwise keeps it beside the ledger
   */
  private Job written(Job job, String what, Runnable otherwise, Supplier<Job> write) {
    while (true) {
      try {
        return write.get();
      } catch (LedgerException e) {
        LOG.error(
            "{}: {} cannot be written to the ledger: {}. It is tried again until it succeeds; free"
                + " the disk or the database.",
            job.label(),
            what,
            e.getMessage());
        otherwise.run();
        CrashPoint.at("submit.note-written");
        pause();
      } catch (StaleJobException e) {
        otherwise.run();
        LOG.error("{}: {} does not fit its job any more; see: klingdrop why", job.label(), what, e);
        throw e;
      }
    }
  }

  private void pause() {
    try {
      clock.pause(Duration.ofSeconds(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("stopped while an answer waited for the ledger", e);
    }
  }

  private Job refused(Job job, Refusal refusal) {
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
    if (since != null && !now.isBefore(since.plus(settings.submit().giveUp()))) {
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

  /**
   * Settles what a crash left in SUBMITTING; called at start before any job is claimed. A note with
   * the task id makes the job RUNNING, otherwise nobody can know whether a task exists. So it is
   * with what waited in a ledger that was put back from a backup. Jobs that waited for money are
   * due again if there is some by now.
   */
  public void recover() {
    claims.releaseAll();
    new Restored(ledger, queries, providers).settle(settings.folders().data());
    budget.wake();
    CrashPoint.at("start.leases-released");
    queries.in(JobState.SUBMITTING).forEach(job -> JobLog.about(job.id(), () -> settle(job)));
  }

  private void settle(Job job) {
    var taskId = notes.find(job.id());
    if (taskId.isPresent()) {
      running(job, taskId.get(), clock.instant().plus(settings.poll().first()));
      return;
    }
    var lookup = providers.account(job.provider()).findsTasks();
    var unknown =
        ledger.submitUnknown(job, "klingdrop was stopped while createTask was under way", lookup);
    LOG.warn(
        "{}: klingdrop was stopped while createTask was under way. {}",
        unknown.label(),
        lookup
            ? "The task is looked for at the provider."
            : FailureClass.SUBMIT_UNKNOWN.nextStep());
    CrashPoint.at("start.submitting-settled");
  }
}
