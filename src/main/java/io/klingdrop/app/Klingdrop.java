package io.klingdrop.app;

import io.klingdrop.budget.BudgetCaps;
import io.klingdrop.files.NameCoding;
import io.klingdrop.files.Sweep;
import io.klingdrop.health.FolderCheck;
import io.klingdrop.job.Invocation;
import io.klingdrop.ledger.AheadOfTime;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.provider.Meaning;
import io.klingdrop.provider.Refusal;
import io.klingdrop.settings.ProviderSettings;
import io.klingdrop.settings.Settings;
import io.klingdrop.time.SteadyTime;
import io.klingdrop.time.Time;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.main.Main;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running service: takes the lock, opens the ledger, settles what a crash left behind, then
 * starts Camel with the routes of the working folder or of the jar. Used once.
 */
public final class Klingdrop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Klingdrop.class);

  private static final Duration LONGEST_SWEEP = Duration.ofSeconds(5);

  private final Settings settings;
  private final Time clock;
  private final Instant started;
  private final Main camel = new Main();
  private final Wiring parts;
  private final Instant begun;
  private volatile boolean lost;
  private volatile Runnable whenLost = () -> {};

  /** Prepares the service; nothing is read or sent yet. Throws if what is here is at fault. */
  public Klingdrop(Settings settings) {
    this(settings, SteadyTime.ofThisMachine());
  }

  /** The same by another time than that of this machine. */
  public Klingdrop(Settings settings, Time time) {
    this.settings = settings;
    clock = time;
    started = clock.instant();
    clock.onLeap(this::beatAnew);
    parts = new Wiring(settings, time, camel);
    begun = parts.clock.instant();
  }

  /** What lies complete in the inbox and cannot be taken until a person mends it. */
  public List<String> hindrances() {
    return parts.intake.inbox().hindrances();
  }

  /** What the ledger can be asked while the service runs. */
  public JobQueries queries() {
    return parts.queries;
  }

  /**
   * Adds routes of a program that has klingdrop inside, before it runs: they may call {@code
   * direct:klingdrop.submit} and use the templates {@code klingdrop-inbox} and {@code
   * klingdrop-submit}.
   */
  public void add(RoutesBuilder routes) {
    camel.configure().addRoutesBuilder(routes);
  }

  /** Runs until stopped, or idle; answers how many jobs of this run failed or have no answer. */
  public long run(boolean exitWhenIdle) throws Exception {
    settings.warnings().forEach(LOG::warn);
    NameCoding.fault().ifPresent(fault -> LOG.warn("file names: {}", fault));
    BudgetCaps.of(settings, parts.catalogue).blindSpot(parts.catalogue).ifPresent(LOG::warn);
    for (var account : settings.providers()) {
      if (!account.usable() && usual(account)) {
        parts.lanes.close(account.name(), "", Refusal.of(Meaning.KEY, account.missing()));
      }
    }
    var sweep = new Thread(this::sweep, "sweep");
    sweep.setDaemon(true);
    sweep.start();
    var ahead = new AheadOfTime(parts.database).mend(parts.clock.instant());
    if (!ahead.isZero()) {
      LOG.warn(
          "the ledger was written by a clock that was {} s ahead: what waited for a time is looked"
              + " at now. Nothing is paid twice by that.",
          ahead.toSeconds());
    }
    parts.intake.taker().recover();
    parts.intake.gateway().recover();
    parts.submit.recovery().recover();
    parts.leases.start();
    parts.node.start(this::lost);
    try (var idle =
            new IdleWatch(parts.intake.inbox(), parts.queries, parts.outcomes.rows(), clock);
        var sources = new SourceRoutes(clock)) {
      camel.addMainListener(new LifeCycle(parts, sources, exitWhenIdle ? idle : null));
      camel.run();
    }
    sweep.join(LONGEST_SWEEP.toMillis());
    var counts = parts.queries.counts();
    var held = counts.held();
    if (held > 0) {
      LOG.warn(
          "{} jobs wait for money of another day. See: {}",
          held,
          Invocation.in("klingdrop status"));
    }
    for (var lane : counts.paused().entrySet()) {
      LOG.warn(
          "{} on the paused lane {}. To let jobs go: {}",
          lane.getValue() == 1 ? "1 job waits" : lane.getValue() + " jobs wait",
          lane.getKey(),
          Invocation.in("klingdrop resume " + lane.getKey()));
    }
    return counts.failedSince(begun);
  }

  /** The node has no place any more: it stops, and a supervisor starts it anew. */
  private void lost() {
    lost = true;
    whenLost.run();
    stop();
  }

  /** What is done, beside the stop, once it has lost its place; must return at once. */
  public void onLost(Runnable step) {
    whenLost = step;
  }

  /** Whether it stopped because its database was away, or knew it no more. */
  public boolean hasLostItsPlace() {
    return lost;
  }

  /** What crashes left half-written; large trees take a while, and nobody waits for it. */
  private void sweep() {
    var trees = new LinkedHashSet<>(FolderCheck.trees(settings));
    trees.add(settings.folders().work());
    var removed = Sweep.of(trees, parts.grounds.sharing().nobodysBefore(started));
    if (removed > 0) {
      LOG.info("{} half-written files of an earlier run were removed", removed);
    }
  }

  /** Quartz counts by the clock of the machine: its next beats would wait for another time. */
  private void beatAnew() {
    var context = camel.getCamelContext();
    if (context != null && context.getStatus().isStarted()) {
      // whoever asked for the time is not kept waiting for Camel
      var restart =
          new Thread(
              () ->
                  Heartbeats.restart(
                      context.getComponent("quartz", QuartzComponent.class).getScheduler()),
              "heartbeats");
      restart.setDaemon(true);
      restart.start();
    }
  }

  /** Asks a running service to stop gracefully; {@link #run} then returns. */
  public void stop() {
    camel.completed();
  }

  /** Whether the default profile has that account: that it cannot be used is told at start. */
  private boolean usual(ProviderSettings account) {
    var profile = parts.catalogue.profile(settings.inbox().defaultProfile());
    return profile.filter(one -> account.name().equals(one.provider())).isPresent();
  }

  @Override
  public void close() throws IOException {
    parts.close();
  }
}
