package io.klingdrop.health;

import static java.util.stream.Collectors.joining;

import io.klingdrop.files.Grounds;
import io.klingdrop.health.HealthReport.Check;
import io.klingdrop.job.ClosedLane;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.LedgerException;
import io.klingdrop.provider.Lanes;
import io.klingdrop.settings.Settings;
import io.klingdrop.time.Time;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches the service, says aloud when its health changes, and answers for it. Thread-safe. */
public final class HealthMonitor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HealthMonitor.class);

  /** A busy moment is no standstill, however short the periods are. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Who has not ticked for that long will not tick again. */
  private static final Duration LIFE = Duration.ofMinutes(2);

  /** A whole bundle of large files is copied between disks in less. */
  private static final Duration TAKING = Duration.ofMinutes(2);

  /** How often a trouble that lasts is said. */
  private static final Duration AGAIN = Duration.ofMinutes(1);

  private static final Duration PERIOD = Duration.ofSeconds(2);
  private static final Duration FRESH = Duration.ofMillis(500);

  private final Settings settings;
  private final JobQueries queries;
  private final Lanes lanes;
  private final Runnable lanesNow;
  private final Scanner scanner;
  private final Grounds grounds;
  private final Supplier<String> backlog;
  private final Room room;
  private final NodeWatch node;
  private final Time clock;
  private final Instant started;
  private final Time.Timer timer;
  private volatile Instant lastBeat;
  private volatile HealthReport last = new HealthReport(List.of());
  private volatile Instant lookedAt = Instant.MIN;
  private Instant toldAt = Instant.MIN;

  /**
   * What is asked of the inbox, each time anew.
   *
   * @param lastScan when it was last read without fault; empty before the first time
   * @param trouble why it could not be read the last time; empty if it could
   * @param untakenSince since when bundles are ready and none of them is taken
   * @param hindrances to taking what is complete, for a person to mend, one sentence each
   */
  public record Scanner(
      Supplier<Optional<Instant>> lastScan,
      Supplier<Optional<String>> trouble,
      Supplier<Optional<Instant>> untakenSince,
      Supplier<List<String>> hindrances) {}

  /**
   * Watches this service.
   *
   * @param lanesNow brings the lanes up to date before they are looked at
   */
  public HealthMonitor(
      Settings settings,
      JobQueries queries,
      Lanes lanes,
      Runnable lanesNow,
      Grounds grounds,
      Scanner scanner,
      Supplier<String> backlog,
      Room room,
      NodeWatch node,
      Time clock) {
    this.settings = settings;
    this.queries = queries;
    this.lanes = lanes;
    this.lanesNow = lanesNow;
    this.grounds = grounds;
    this.scanner = scanner;
    this.backlog = backlog;
    this.room = room;
    this.node = node;
    this.clock = clock;
    this.timer = clock.timer("watch");
    this.started = clock.instant();
    this.lastBeat = started;
  }

  /** The clock of the stages has ticked. */
  public void beat() {
    lastBeat = clock.instant();
  }

  /** Looks now, and by itself from now on. */
  public void start() {
    report();
    timer.every(PERIOD, PERIOD, this::report);
  }

  /** The service stops from now on, and is not ready any more. */
  public void stopping() {
    node.stopping();
  }

  /** How the service is, at most half a second ago. */
  synchronized HealthReport report() {
    var now = clock.instant();
    if (now.isBefore(lookedAt.plus(FRESH))) {
      return last;
    }
    var report = look(now);
    tell(report, now);
    last = report;
    lookedAt = now;
    return report;
  }

  /** Says a change at once, and that it lasts once a minute: reasons count seconds. */
  private void tell(HealthReport report, Instant now) {
    if (report.failing().equals(last.failing())
        && (report.ready() || now.isBefore(toldAt.plus(AGAIN)))) {
      return;
    }
    toldAt = now;
    if (report.ready()) {
      LOG.info("ready again: all checks are well");
    } else {
      LOG.error("not ready: {}", String.join("; ", report.reasons()));
    }
  }

  /**
   * How the service was at the last look, two seconds ago or three; returns at once. That a look
   * does not come to an end, as on a share that hangs, is told like any other trouble.
   */
  public HealthReport seen() {
    var checks = new ArrayList<>(last.checks());
    var since =
        Duration.between(lookedAt.equals(Instant.MIN) ? started : lookedAt, clock.instant());
    if (since.compareTo(PATIENCE) > 0) {
      var said = "nothing could be looked at for %ss: a folder or the database does not answer";
      checks.add(new Check("watch", false, said.formatted(since.toSeconds())));
    }
    node.check().ifPresent(checks::add);
    return new HealthReport(checks);
  }

  private HealthReport look(Instant now) {
    var checks = new ArrayList<Check>();
    var folders = settings.folders();
    checks.add(folder("inbox", folders.inbox()));
    checks.add(folder("outbox", folders.outbox()));
    checks.add(folder("data", folders.data()));
    checks.add(
        trees(List.of(folders.failed(), folders.duplicates(), folders.archive(), folders.work())));
    checks.add(
        room.lack()
            .map(lack -> new Check("disk", false, lack))
            .orElseGet(() -> new Check("disk", true, room.said())));
    checks.add(scan(now));
    checks.add(intake(now));
    checks.add(heartbeat(PATIENCE, now));
    checks.add(database(now));
    checks.add(lanes());
    checks.add(backlog());
    node.look(now);
    return new HealthReport(checks);
  }

  /** Where files go that are done with. */
  private Check trees(List<Path> trees) {
    var faults = trees.stream().map(grounds::fault).flatMap(Optional::stream).toList();
    return check("folders", String.join("; ", faults), "are those that were used before");
  }

  private Check folder(String name, Path folder) {
    var fault = grounds.fault(folder).orElse("");
    if (fault.isEmpty() && !Files.isDirectory(folder)) {
      fault = "the folder " + folder + " is gone";
    } else if (fault.isEmpty() && !Files.isWritable(folder)) {
      fault = "the folder " + folder + " cannot be written";
    }
    return check(name, fault, "can be written");
  }

  /** Well unless there is a fault. */
  private static Check check(String name, String fault, String otherwise) {
    return new Check(name, fault.isEmpty(), fault.isEmpty() ? otherwise : fault);
  }

  /** Whether the clock of the stages ticks; asks nothing that could be slow. */
  public HealthReport life() {
    return new HealthReport(List.of(heartbeat(LIFE, clock.instant())));
  }

  private Check heartbeat(Duration patience, Instant now) {
    return alive(
        "heartbeat",
        lastBeat,
        longest(settings.poll().heartbeat(), patience),
        now,
        "the heartbeat did not tick");
  }

  private Check scan(Instant now) {
    var trouble = scanner.trouble().get();
    if (trouble.isPresent()) {
      return new Check("scan", false, trouble.get());
    }
    return alive(
        "scan",
        scanner.lastScan().get().orElse(started),
        longest(settings.inbox().scanPeriod(), PATIENCE),
        now,
        "the inbox was not read");
  }

  private Check intake(Instant now) {
    var hindrances = scanner.hindrances().get();
    if (!hindrances.isEmpty()) {
      var others = hindrances.size() - 1;
      var more = others == 0 ? "" : "; and " + others + " more";
      return new Check("intake", false, hindrances.get(0) + more);
    }
    return alive(
        "intake",
        scanner.untakenSince().get().orElse(now),
        longest(settings.inbox().scanPeriod(), TAKING),
        now,
        "bundles lie ready in the inbox and none is taken");
  }

  private static Duration longest(Duration period, Duration patience) {
    var thrice = period.multipliedBy(3);
    return thrice.compareTo(patience) > 0 ? thrice : patience;
  }

  /** What others do not take is their state, not ours: it is told, and fails nothing. */
  private Check backlog() {
    try {
      return new Check("backlog", true, backlog.get());
    } catch (LedgerException e) {
      return new Check("backlog", true, "not known while the database does not answer");
    }
  }

  private static Check alive(
      String name, Instant seen, Duration patience, Instant now, String otherwise) {
    var since = Duration.between(seen, now);
    return since.compareTo(patience) <= 0
        ? new Check(name, true, "less than " + patience.toSeconds() + "s ago")
        : new Check(name, false, otherwise + " for " + since.toSeconds() + "s");
  }

  private Check database(Instant now) {
    try {
      var forgotten = queries.forgotten(now.minus(settings.poll().slowPeriod().multipliedBy(2)));
      var fault =
          forgotten.map(
              job ->
                  "nobody looks after job %s, due since %s".formatted(job.id(), job.times().due()));
      return check("database", fault.orElse(""), "answers");
    } catch (LedgerException e) {
      return new Check("database", false, String.valueOf(e.getMessage()));
    }
  }

  /** A closed lane is the provider's state, not ours: it is told, and fails nothing. */
  private Check lanes() {
    lanesNow.run();
    var closed = lanes.all().stream().map(ClosedLane::sentence).collect(joining("; "));
    return new Check("lanes", true, closed.isEmpty() ? "all open" : "closed: " + closed);
  }

  @Override
  public void close() {
    timer.close();
  }
}
