package io.klingdrop.submit;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.catalogue.Catalogue;
import io.klingdrop.files.Grounds;
import io.klingdrop.job.Job;
import io.klingdrop.ledger.CallbackRows;
import io.klingdrop.ledger.Holder;
import io.klingdrop.ledger.JobClaims;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.LaneRows;
import io.klingdrop.ledger.Ledger;
import io.klingdrop.ledger.LedgerException;
import io.klingdrop.ledger.NewJobs;
import io.klingdrop.ledger.NodeId;
import io.klingdrop.ledger.NodeRows;
import io.klingdrop.ledger.Receipts;
import io.klingdrop.ledger.StaleJobException;
import io.klingdrop.ledger.TurnedLedger;
import io.klingdrop.node.Membership;
import io.klingdrop.node.SharedTime;
import io.klingdrop.provider.Callbacks;
import io.klingdrop.provider.CreateAnswer;
import io.klingdrop.provider.Lanes;
import io.klingdrop.provider.Meaning;
import io.klingdrop.provider.Media;
import io.klingdrop.provider.Provider;
import io.klingdrop.provider.Providers;
import io.klingdrop.provider.Refusal;
import io.klingdrop.provider.Sighting;
import io.klingdrop.provider.TaskReport;
import io.klingdrop.provider.TaskRequest;
import io.klingdrop.provider.Uploaded;
import io.klingdrop.settings.ProviderSettings;
import io.klingdrop.settings.ProviderSettings.Lookup;
import io.klingdrop.settings.Settings;
import io.klingdrop.settings.SettingsReader;
import io.klingdrop.stage.StageContext;
import io.klingdrop.time.Time;
import io.klingdrop.wire.Leaving;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;

/**
 * The program's own paid step on two nodes, at one ledger in memory and one account, with one job:
 * one of them runs at a time, by a plan. Every reading of a clock outside a transaction and every
 * step of a call is a stop, where the plan may let the other go on. Time stands still except while
 * the node that runs has nothing to do. For one thread.
 */
final class TwoNodes implements AutoCloseable {
  private static final Instant START = Instant.parse("2026-11-28T10:00:00Z");
  private static final String ACCOUNT = "kie";
  private static final Duration LEASE = Duration.ofSeconds(10);

  /** What a request that has left may take until it arrives, and what every sleep but one takes. */
  private static final long CREDIBLE = 300_000;

  /** So long a task that exists is not found. */
  private static final long UNSEEN = 30_000;

  private static final int ROUNDS = 150;

  /** The account's nature, and what goes wrong beside the pauses. */
  enum Kind {
    /** Tasks cannot be looked for. */
    KIE(Lookup.OFF),
    /** As before, and the first answer is lost on the way. */
    KIE_SILENT(Lookup.OFF),
    /** Tasks can be looked for, and both answers are true after a while. */
    LISTS(Lookup.TRUSTED),
    LISTS_SILENT(Lookup.TRUSTED),
    /** It says that it can be asked, and never finds anything. */
    BLIND_SILENT(Lookup.PROVEN),
    /** It refuses a second task of the same id. */
    UNIQUE(Lookup.TRUSTED),
    /** The answer to the first claim is lost. */
    CLAIM_LOST(Lookup.TRUSTED);

    private final Lookup lookup;

    Kind(Lookup lookup) {
      this.lookup = lookup;
    }

    boolean silent() {
      return name().endsWith("_SILENT");
    }
  }

  /** How a node is held up at a stop. */
  enum Pause {
    /** The whole process, and its clocks go on. */
    FROZEN,
    /** The machine is suspended: its monotonic clock stands still. */
    SUSPENDED,
    /** As frozen, and then the wall clock is set back by as much. */
    SET_BACK,
    /** One thread only: the node goes on beating. */
    THREAD,
    /** The same, and a person drains the node until the thread goes on. */
    DRAINED,
    /** The same, and the node has beaten before the thread goes on. */
    DRAINED_AND_BACK,
    /** The process dies; when it would go on, it is started anew. */
    DEAD
  }

  /** At that stop of the node that runs then, counted from where it began to run, it is held up. */
  record Switch(int stop, Pause pause) {}

  /**
   * What came of a plan.
   *
   * @param faults empty if all promises were kept
   * @param stops those after the last switch at which another one makes a difference
   */
  record Outcome(List<String> faults, List<Place> stops) {}

  /**
   * A stop.
   *
   * @param methods of the program, the innermost first, if that is asked for
   */
  record Place(int stop, String methods) {}

  /** Unwinds a node whose process is dead. */
  @SuppressWarnings("serial")
  private static final class Dead extends Error {
    Dead() {
      super("dead", null, false, false);
    }
  }

  private final Path folder;
  private final Settings settings;
  private final Catalogue catalogue = Catalogue.load(List.of());
  private final ObjectMapper mapper = new ObjectMapper();
  private final TurnedLedger ledger = TurnedLedger.inMemory(this::databaseTime);
  private final List<String> tables;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Semaphore done = new Semaphore(0);
  private long now;

  // of one run
  private Kind kind = Kind.KIE;
  private List<Switch> plan = List.of();
  private int next;
  private int stop;
  private boolean judged;
  private final List<Place> stops = new ArrayList<>();
  private final List<Place> round = new ArrayList<>();
  private boolean named;
  private final List<String> faults = new ArrayList<>();
  private final List<Task> tasks = new ArrayList<>();
  private final List<Task> told = new ArrayList<>();
  private List<Actor> actors = List.of();
  private boolean closing;

  private record Task(String id, String externalId, long at) {}

  TwoNodes(Path folder) {
    this.folder = folder;
    settings =
        SettingsReader.load(
            folder,
            Map.of(),
            Map.of(
                "klingdrop.submit.timeout",
                "10s",
                "klingdrop.poll.grace",
                "60s",
                "klingdrop.submit.give-up",
                "8m"));
    ledger.run("create table turned (now bigint)");
    ledger.run("insert into turned values (0)");
    ledger.run("create table sent (holder text, node text, until bigint, at bigint)");
    ledger.run(
        "create trigger sends after update of state on job when new.state = 'SUBMITTING' and"
            + " old.state <> 'SUBMITTING' begin insert into sent select new.lease_owner, l.node,"
            + " l.until, t.now from lane_owner l, turned t where l.provider = new.provider; end");
    tables =
        ledger.ask(
            "select name from sqlite_master t where type = 'table' and name not in"
                + " ('schema_version','purse','outcome_number','turned') and name not like"
                + " 'sqlite%' order by (select count(*) from pragma_table_info(t.name) c where"
                + " c.name = 'job_id') desc, name");
  }

  private Instant databaseTime() {
    return START.plusMillis(now);
  }

  private void pass(long millis) {
    now += millis;
    ledger.run("update turned set now = " + databaseTime().toEpochMilli());
  }

  @Override
  public void close() {
    threads.shutdownNow();
    ledger.database().close();
  }

  /** Runs it by that plan, and then on until the job has come to its end. */
  Outcome run(Kind kind, List<Switch> plan, boolean named) {
    this.kind = kind;
    this.named = named;
    this.plan = plan;
    next = 0;
    stop = 0;
    judged = false;
    closing = false;
    stops.clear();
    faults.clear();
    tasks.clear();
    told.clear();
    tables.forEach(table -> ledger.run("delete from " + table));
    pass(-now);
    actors = List.of(new Actor("a"), new Actor("b"));
    actors.forEach(Actor::enter);
    var jobs = new NewJobs(ledger.database(), this::databaseTime);
    var job =
        Job.claimed(
            "kd1",
            new Job.Origin("avatar", "", "host"),
            new Job.Goal(ACCOUNT, "kling/v1-avatar-standard"),
            folder.toString(),
            databaseTime(),
            List.of());
    jobs.checked(jobs.claimed(job, List.of(), null), "{}", "key", null, null, List.of());
    if (kind == Kind.CLAIM_LOST) {
      actors.get(0).quietly(() -> actors.get(0).stage.readyJobs().claimDue());
    }
    actors.forEach(threads::execute);
    actors.get(0).baton.release();
    done.acquireUninterruptibly();
    judge();
    return new Outcome(List.copyOf(faults), List.copyOf(stops));
  }

  private boolean settled() {
    var state = ledger.ask("select state || lookup from job").get(0);
    return !List.of("READY0", "SUBMITTING0", "SUBMIT_UNKNOWN1").contains(state);
  }

  private void judge() {
    if (tasks.size() > 1) {
      faults.add("sent twice: " + tasks);
    }
    for (var task : told) {
      var known =
          ledger.ask(
              "select task_id from job union all select task_id from attempt union all select note"
                  + " from event");
      if (known.stream().noneMatch(word -> word.contains(task.id()))) {
        faults.add("its id is lost: " + task);
      }
    }
    ledger
        .ask(
            "select coalesce(holder, 'nobody') || ' submits while the lane is ' || coalesce(node,"
                + " 'nobody') || '''s' from sent where node is null or holder is null or holder <>"
                + " node or until <= at")
        .forEach(faults::add);
  }

  private String submits(String node) {
    return ledger.ask("select count(*) from sent where node = '" + node + "'").get(0);
  }

  private String epoch() {
    return ledger.ask("select max(epoch) from lane_owner").get(0);
  }

  /** A node: its machine, its process and the one thread that works there. */
  private final class Actor implements Runnable, Time {
    private final String name;
    private final Semaphore baton = new Semaphore(0);
    private final SharedTime clock = new SharedTime(this);
    private final NodeRows rows = new NodeRows(ledger.database(), TwoNodes.this::databaseTime);
    private Holder holder = Holder.alone(new NodeId("nobody"));
    private Membership node = Membership.alone(holder, this);
    private SubmitStage stage;
    private Runnable beat = () -> {};
    private long nanosBehind;
    private long wallBehind;
    private Pause pause = Pause.FROZEN;
    private long paused;
    private boolean quiet;
    private boolean over;
    private boolean leaving;
    private boolean waits;
    private String submitsThen = "";

    Actor(String name) {
      this.name = name;
    }

    /** Its process begins. */
    void enter() {
      quietly(
          () -> {
            rows.arrive(name, name, "1", LEASE);
            holder = Holder.renewing(new NodeId(name), LEASE);
            node = Membership.among(rows, holder, name, LEASE, List.of(ACCOUNT), this);
            node.onBeat(share -> clock.set(Instant.ofEpochMilli(share.now())));
            stage = stage();
            node.start(() -> {});
          });
    }

    private SubmitStage stage() {
      var database = ledger.database();
      var usual = settings.kie();
      var account =
          new ProviderSettings(
              usual.name(),
              usual.baseUrl(),
              usual.uploadUrl(),
              usual.keys(),
              usual.createRate(),
              usual.pollRate(),
              usual.maxInFlight(),
              usual.timeouts(),
              new ProviderSettings.Quirks(List.of(), false, "", kind.lookup),
              usual.missing());
      return SubmitStage.of(
          new StageContext(
              settings,
              catalogue,
              database,
              holder,
              node,
              new Ledger(database, clock),
              new JobClaims(database, holder, clock),
              new JobQueries(database),
              new Receipts(database, clock),
              new Grounds("ledger", Map.of(), (path, disk) -> {}, Grounds::disk),
              new Providers(List.of(new Providers.Account(new Gateway(this), account, clock))),
              new Lanes(new LaneRows(database), settings.lane(), clock),
              new Callbacks(new CallbackRows(database), "", clock),
              mapper,
              clock),
          null,
          null,
          job -> {
            stop();
            return clock.instant();
          },
          Optional::empty);
    }

    @Override
    public void run() {
      var lives = true;
      while (lives) {
        try {
          if (!waits) {
            waits = true;
            baton.acquireUninterruptibly();
          } else if (!closing) {
            nanosBehind = 0;
            wallBehind = 0;
            enter();
            stage.recovery().recover();
          }
          for (int round = 0; round < ROUNDS && !closing && !settled(); round++) {
            round();
          }
          if (!settled() && !closing && !(other().beats() && !other().over)) {
            faults.add("stuck: " + ledger.ask("select state || ' ' || lease_owner from job"));
          }
          lives = false;
        } catch (Dead e) {
          lives = !closing;
        } catch (RuntimeException | Error e) {
          faults.add(
              name
                  + " broke: "
                  + e
                  + " "
                  + List.of(e.getStackTrace()).subList(0, Math.min(6, e.getStackTrace().length)));
          lives = false;
        }
      }
      over = true;
      judged = true;
      var other = other();
      if (other.over) {
        done.release();
      } else {
        begin(other);
      }
    }

    private Actor other() {
      return actors.get(actors.get(0) == this ? 1 : 0);
    }

    private void begin(Actor other) {
      stop = 0;
      other.baton.release();
    }

    private void round() {
      var before = state();
      round.clear();
      beat.run();
      if (node.mayClaim()) {
        each(stage.readyJobs().claimDue(), stage.submissions()::createTask);
        each(stage.lookups().claimDue(), stage.lookups()::look);
      }
      var idle = before.equals(state());
      if (!idle && !judged) {
        stops.addAll(round);
      } else if (!closing && !settled()) {
        var beats = other().paused > 0 && !other().over && other().beats();
        pass(beats ? 9_000 : 40_000);
        if (beats) {
          other().quietly(other().beat);
        }
        var call = other();
        if (call.leaving && now - call.paused >= CREDIBLE) {
          // no sleep between the last look and the wire is longer than that
          next = plan.size();
          judged = true;
          hold(Pause.FROZEN);
        } else {
          stop();
          if (!judged) {
            stops.add(new Place(stop, "idle"));
          }
        }
      }
    }

    private String state() {
      return ledger
          .ask("select j.version || ' ' || coalesce(l.node, '') from job j, lane_owner l")
          .get(0);
    }

    private interface Step {
      Job of(Job job) throws InterruptedException, IOException;
    }

    /** As the consumer of these routes does. */
    private void each(List<Job> claimed, Step step) {
      for (var job : claimed) {
        if (holder.begins(job)) {
          try {
            step.of(job);
          } catch (StaleJobException | LedgerException e) {
            // somebody else had it first
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          } finally {
            holder.ends(job);
            if (!submitsThen.isEmpty() && !submitsThen.equals(submits(name))) {
              faults.add(name + " submits by a right that was another node's meanwhile");
            }
            submitsThen = "";
          }
        }
      }
    }

    void quietly(Runnable work) {
      var before = quiet;
      quiet = true;
      try {
        work.run();
      } finally {
        quiet = before;
      }
    }

    private boolean beats() {
      return pause == Pause.THREAD || pause == Pause.DRAINED || pause == Pause.DRAINED_AND_BACK;
    }

    /** The plan may hold this node up here. */
    void stop() {
      if (quiet || closing || ledger.inUse()) {
        return;
      }
      stop += 1;
      if (!judged) {
        round.add(new Place(stop, named ? methods() : ""));
      }
      if (next < plan.size() && plan.get(next).stop() == stop && !other().over) {
        next += 1;
        stops.clear();
        round.clear();
        hold(plan.get(next - 1).pause());
      }
    }

    private String methods() {
      return StackWalker.getInstance()
          .walk(
              frames ->
                  frames
                      .skip(3)
                      .limit(8)
                      .map(StackWalker.StackFrame::getMethodName)
                      .collect(Collectors.joining(" ")));
    }

    private void hold(Pause how) {
      pause = how;
      paused = now;
      var inGate =
          how != Pause.DEAD
              && StackWalker.getInstance()
                  .walk(frames -> frames.anyMatch(one -> one.getMethodName().equals("fence")));
      var epoch = epoch();
      var drained = how == Pause.DRAINED || how == Pause.DRAINED_AND_BACK;
      if (drained) {
        rows.drain(name);
        quietly(beat);
      }
      begin(other());
      baton.acquireUninterruptibly();
      round.clear();
      var slept = now - paused;
      if (how == Pause.DEAD) {
        throw new Dead();
      }
      if (how == Pause.SUSPENDED) {
        nanosBehind += slept;
      } else if (how == Pause.SET_BACK) {
        wallBehind += slept;
      }
      if (drained) {
        rows.undrain(name);
      }
      if (beats()) {
        if (how != Pause.DRAINED) {
          quietly(beat);
        }
      } else if (slept >= LEASE.toMillis()) {
        quietly(
            () -> {
              if (node.owns(ACCOUNT) || node.mayClaim()) {
                faults.add(name + " takes its right for good after a sleep: " + how);
              }
            });
      }
      if (inGate && !epoch.equals(epoch())) {
        submitsThen = submits(name);
      }
      pause = Pause.FROZEN;
      paused = 0;
    }

    @Override
    public Instant instant() {
      stop();
      var instant = databaseTime().minusMillis(wallBehind);
      stop();
      return instant;
    }

    @Override
    public long nanos() {
      stop();
      var nanos = (now - nanosBehind) * 1_000_000;
      stop();
      return nanos;
    }

    @Override
    public void pause(Duration length) {
      pass(length.toMillis() + 1);
      stop();
    }

    @Override
    public Timer timer(String thread) {
      return new Timer() {
        @Override
        public void after(Duration delay, Runnable work) {
          throw new UnsupportedOperationException();
        }

        @Override
        public void every(Duration delay, Duration period, Runnable work) {
          // the other asks between two beats whether one is worth it
          if (period.compareTo(Duration.ofSeconds(1)) > 0) {
            beat = work;
          }
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public void onLeap(Runnable leapt) {}
  }

  /** The account, as one node reaches it. */
  private final class Gateway implements Provider {
    private final Actor actor;

    Gateway(Actor actor) {
      this.actor = actor;
    }

    @Override
    public String name() {
      return ACCOUNT;
    }

    @Override
    public Optional<Uploaded> upload(Media media) {
      return Optional.empty();
    }

    @Override
    public CreateAnswer createTask(TaskRequest request) {
      actor.stop();
      // from the first look at a clock on
      actor.leaving = true;
      try {
        Leaving.check();
      } catch (IOException e) {
        actor.leaving = false;
        return new CreateAnswer.Refused(Refusal.of(Meaning.BUSY, String.valueOf(e.getMessage())));
      }
      actor.stop();
      actor.leaving = false;
      var taken = tasks.stream().anyMatch(task -> task.externalId().equals(request.externalId()));
      if (taken && kind == Kind.UNIQUE) {
        actor.stop();
        return new CreateAnswer.Lost("there is a task of that id");
      }
      var task = new Task("task-" + (tasks.size() + 1), request.externalId(), now);
      tasks.add(task);
      actor.stop();
      if (kind.silent() && tasks.size() == 1) {
        return new CreateAnswer.Lost("no answer");
      }
      told.add(task);
      return new CreateAnswer.Accepted(task.id());
    }

    @Override
    public Sighting find(String model, String externalId) {
      actor.stop();
      Optional<Task> seen =
          kind == Kind.BLIND_SILENT || kind.lookup == Lookup.OFF
              ? Optional.empty()
              : tasks.stream()
                  .filter(task -> task.externalId().equals(externalId) && now - task.at() >= UNSEEN)
                  .findFirst();
      actor.stop();
      return seen.<Sighting>map(task -> new Sighting.Found(task.id()))
          .orElseGet(() -> new Sighting.NotThere("no task"));
    }

    @Override
    public TaskReport recordInfo(String model, String taskId) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<BigDecimal> credit() {
      return Optional.of(BigDecimal.TEN);
    }

    @Override
    public String downloadUrl(String url) {
      return url;
    }
  }
}
