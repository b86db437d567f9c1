package io.klingdrop.poll;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.budget.BudgetCaps;
import io.klingdrop.catalogue.Catalogue;
import io.klingdrop.files.Grounds;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobId;
import io.klingdrop.job.JobState;
import io.klingdrop.ledger.CallbackRows;
import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.Holder;
import io.klingdrop.ledger.JobClaims;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.LaneRows;
import io.klingdrop.ledger.Ledger;
import io.klingdrop.ledger.NewJobs;
import io.klingdrop.ledger.NodeId;
import io.klingdrop.ledger.Receipts;
import io.klingdrop.ledger.SpendingGate;
import io.klingdrop.node.Membership;
import io.klingdrop.poll.VirtualProvider.Task;
import io.klingdrop.provider.Callbacks;
import io.klingdrop.provider.Lanes;
import io.klingdrop.provider.Providers;
import io.klingdrop.settings.Settings;
import io.klingdrop.settings.SettingsReader;
import io.klingdrop.stage.StageContext;
import io.klingdrop.testing.SettableTime;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.DoubleSupplier;

/**
 * The poll stage and its ledger, real, over a virtual clock and a virtual provider. Tasks are
 * accepted one by one, a heartbeat comes every so often, nobody waits for anything.
 */
final class VirtualService implements AutoCloseable {
  static final String MODEL = "kling/ai-avatar-standard";

  private final Random random;
  private final Duration heartbeat;
  private final Settings settings;
  private final Database database;
  private final Ledger ledger;
  private final NewJobs jobs;
  private final VirtualProvider provider;
  private Instant now = Instant.parse("2026-11-21T10:00:00Z");
  private Instant beat = now;
  private final PriorityQueue<Instant> dues = new PriorityQueue<>();
  private Polls polls;
  private int running;
  private int count;

  /** One dropped pair: seconds of its recording, seconds its task will run. */
  record Drop(double audio, double run) {}

  VirtualService(Path folder, String db, Map<String, String> settings, boolean tells, long seed) {
    this.random = new Random(seed);
    this.settings = SettingsReader.load(folder, Map.of(), settings);
    this.heartbeat = this.settings.poll().heartbeat();
    InstantSource clock = () -> now;
    database = Database.open(db, "", "");
    ledger = new Ledger(database, clock);
    jobs = new NewJobs(database, clock);
    provider = new VirtualProvider(clock, tells);
    restart();
  }

  static VirtualService inMemory(Path folder, boolean tells, long seed) {
    return new VirtualService(folder, "jdbc:sqlite::memory:", Map.of(), tells, seed);
  }

  private Job submitting(Job job) {
    return new SpendingGate(database, () -> now).submitting(job, BudgetCaps.NONE);
  }

  /** A new poll stage over the same ledger. */
  void restart() {
    var clock = SettableTime.by(() -> now);
    var holder = Holder.alone(new NodeId("virtual"));
    polls =
        new Polls(
            new StageContext(
                settings,
                Catalogue.load(List.of()),
                database,
                holder,
                Membership.alone(holder, clock),
                ledger,
                new JobClaims(database, holder, clock),
                new JobQueries(database),
                new Receipts(database, clock),
                new Grounds("ledger", Map.of(), (path, disk) -> {}, Grounds::disk),
                new Providers(List.of(new Providers.Account(provider, settings.kie(), clock))),
                new Lanes(new LaneRows(database), settings.lane(), clock),
                new Callbacks(new CallbackRows(database), "", clock),
                new ObjectMapper(),
                clock),
            random::nextDouble);
  }

  /** Has these pairs accepted, {@code apart} from each other, and runs until all are generated. */
  List<Task> run(List<Drop> drops, Duration apart) {
    var tasks = new ArrayList<Task>();
    for (var drop : drops) {
      tasks.add(accept(drop));
      passUntil(
          now.plus(Duration.ofMillis((long) (apart.toMillis() * (0.5 + random.nextDouble())))));
    }
    finish();
    return tasks;
  }

  /** Time passes until all accepted tasks are generated: a day at most. */
  void finish() {
    var end = now.plus(Duration.ofDays(1));
    while (running > 0) {
      if (beat.isAfter(end)) {
        throw new AssertionError(running + " tasks were never found finished");
      }
      passUntil(beat);
    }
  }

  /** Time passes while the service stands still. */
  void standstill(Duration time) {
    now = now.plus(time);
    beat = now;
  }

  Task accept(Drop drop) {
    var taskId = "task-" + count++;
    var ready =
        jobs.checked(claimed(taskId, drop), "{}", taskId, millis(drop.audio), null, List.of());
    provider.accept(taskId, Duration.ofMillis(millis(drop.run)));
    var firstLook = polls.firstLook(ready).truncatedTo(ChronoUnit.MILLIS);
    ledger.accepted(submitting(ready), taskId, firstLook);
    dues.add(firstLook);
    running++;
    return provider.task(taskId);
  }

  /** When a task with a recording of that length would be looked at first, in seconds. */
  double firstLook(double audio) {
    return asking(audio).getAsDouble();
  }

  /** The same question, to be asked later. */
  DoubleSupplier asking(double audio) {
    var name = "asking-" + count++;
    var job =
        jobs.checked(claimed(name, new Drop(audio, 1)), "{}", name, millis(audio), null, List.of());
    return () -> VirtualProvider.seconds(Duration.between(now, polls.firstLook(job)));
  }

  private void passUntil(Instant end) {
    while (!beat.isAfter(end)) {
      now = beat;
      if (!dues.isEmpty() && !dues.element().isAfter(now)) {
        beat();
      }
      beat = beat.plus(heartbeat);
    }
    now = end.isAfter(now) ? end : now;
  }

  /** One heartbeat; those at which nothing is due are left out, for they ask nothing. */
  private void beat() {
    for (var job : polls.claimDue()) {
      dues.remove(job.times().due());
      var looked = polls.check(job);
      if (looked.state() == JobState.GENERATED) {
        running--;
      } else {
        dues.add(looked.times().due());
      }
    }
  }

  private static long millis(double seconds) {
    return Math.round(seconds * 1000);
  }

  private Job claimed(String name, Drop drop) {
    var job =
        new Job(
            JobId.make(now),
            0,
            new Job.Origin("avatar", "", name),
            new Job.Goal("kie", MODEL),
            JobState.CLAIMED,
            null,
            null,
            "/home/" + name,
            false,
            Job.Content.UNCHECKED,
            new Job.Cost(millis(drop.audio), null, null),
            new Job.Progress(0, 0, null, 0, null),
            Job.Times.begun(now),
            List.of(),
            List.of());
    return jobs.claimed(job, List.of(), null);
  }

  @Override
  public void close() {
    database.close();
  }
}
