package io.klingdrop.intake;

import io.klingdrop.files.Grounds;
import io.klingdrop.files.Rights;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.settings.Settings;
import io.klingdrop.time.SteadyTime;
import io.klingdrop.time.Time;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;
import org.apache.camel.spi.ExceptionHandler;
import org.apache.camel.spi.PollingConsumerPollStrategy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Camel's file consumer sees of the inbox. Before each poll the whole inbox is read once and
 * paired; the consumer then finds only the leads of bundles that are ready, or does not poll at all
 * when there are none. The consumer's thread is the only one that scans; questions may come from
 * any thread.
 */
public final class Inbox
    implements GenericFileFilter<File>, PollingConsumerPollStrategy, ExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
  private static final long MINUTE = 60_000_000_000L;
  private static final int MOST_TOLD = 10_000;

  private final Path root;
  private final Settings.Inbox settings;
  private final Function<String, Needs> needs;
  private final JobQueries queries;
  private final @Nullable Grounds grounds;
  private final Time clock;
  private final InboxScan scan;
  private final Hindrances hindrances;
  private final Set<Path> toldAlone = new HashSet<>();
  private Map<Path, Bundle> ready = Map.of();
  private Set<Path> folders = Set.of();
  private Map<Path, String> leftAlone = Map.of();
  private long complainedNanos;
  private volatile @Nullable String trouble;
  private volatile @Nullable Instant lastScan;
  private volatile int waiting;
  private List<Pairing.Waiting> halves = List.of();
  private volatile @Nullable Instant idleSince;
  private Runnable before = () -> {};
  private BooleanSupplier mine = () -> true;

  /**
   * An inbox at {@code root}, absolute; {@code needs} answers for a profile's name.
   *
   * @param grounds says whether it is mounted, null for one that is only looked at
   * @param note a file that tells other processes what cannot be taken, null for none
   */
  Inbox(
      Path root,
      Settings.Inbox settings,
      Function<String, Needs> needs,
      JobQueries queries,
      @Nullable Grounds grounds,
      Time clock,
      @Nullable Path note) {
    this.grounds = grounds;
    this.root = root;
    this.settings = settings;
    this.needs = needs;
    this.queries = queries;
    this.clock = clock;
    this.scan = new InboxScan(root);
    this.hindrances = new Hindrances(note);
  }

  /** When the inbox was last read without fault; empty before the first time. */
  public Optional<Instant> lastScan() {
    return Optional.ofNullable(lastScan);
  }

  /** Why the inbox could not be read the last time; empty if it could. */
  public Optional<String> trouble() {
    return Optional.ofNullable(trouble);
  }

  /** What is complete and cannot be taken until a person mends it, one sentence each. */
  public List<String> hindrances() {
    return hindrances.told();
  }

  /** Since when bundles are ready and none of them is taken; empty if that is not so. */
  public Optional<Instant> untakenSince() {
    return Optional.ofNullable(idleSince);
  }

  /** How many groups of files settle, wait for their other half, or wait to be taken. */
  public int waiting() {
    return waiting;
  }

  /** Whether this node is the one that reads the inbox, asked before each scan and each taking. */
  void readBy(BooleanSupplier mine) {
    this.mine = mine;
  }

  /** What is done on the scanning thread before each scan, also while the inbox is away. */
  void before(Runnable step) {
    before = step;
  }

  @Override
  public boolean begin(Consumer consumer, Endpoint endpoint) {
    try {
      if (!mine.getAsBoolean()) {
        return leftToOthers();
      }
      before.run();
      requireHere();
      var found = look(clock.nanos());
      lastScan = clock.instant();
      if (found == 0) {
        // Camel does not poll; else it is well once Camel has polled
        well();
      }
      return found > 0;
    } catch (IOException | RuntimeException e) {
      var why = e instanceof IOException failure ? Rights.why(root, failure) : e.toString();
      complain("the inbox %s cannot be read: %s".formatted(root, why), e);
      return false;
    }
  }

  private boolean leftToOthers() {
    ready = Map.of();
    halves = List.of();
    waiting = 0;
    lastScan = clock.instant();
    well();
    return false;
  }

  /** Tells what goes wrong again and again: at once if it is new, else once a minute. */
  private void complain(String what, Throwable cause) {
    var now = clock.nanos();
    if (!what.equals(trouble) || now - complainedNanos >= MINUTE) {
      LOG.error("{}. No file is lost; it is tried again every scan.", what);
      LOG.debug("the cause", cause);
      complainedNanos = now;
    }
    trouble = what;
  }

  private void well() {
    if (trouble != null) {
      LOG.info("the inbox {} can be read again", root);
      trouble = null;
    }
  }

  /** Of a share that is not mounted nothing is read, and nothing goes back there. */
  void requireHere() throws IOException {
    if (grounds != null) {
      grounds.require(root);
    }
  }

  /** Reads and pairs the whole inbox; answers how many bundles are ready. */
  int look(long nowNanos) throws IOException {
    var found = new HashMap<Path, Bundle>();
    var complete = new HashSet<Path>();
    var timing = new Pairing.Timing(settings.settle(), settings.pairWindow());
    var reading = scan.read(nowNanos);
    var hindered = new HashMap<>(reading.closed());
    var obstacles = new Obstacles();
    var empty = reading.folders().values().stream().allMatch(one -> one.files().isEmpty());
    var served = empty ? Set.<String>of() : queries.sharedInputs();
    var waits = new ArrayList<Pairing.Waiting>();
    var untaken = 0;
    for (var folder : reading.folders().values()) {
      var outcome =
          Pairing.pair(
              place(folder.path(), reading.folders()),
              timing,
              path -> served.contains(path.toString()),
              folder.files(),
              folder.beside());
      waits.addAll(outcome.waiting());
      for (var bundle : outcome.ready()) {
        var lead = bundle.lead();
        complete.add(lead);
        var obstacle = obstacles.of(bundle);
        if (obstacle.isPresent()) {
          hindered.put(lead, obstacle.get());
        } else if (!hindrances.resting(lead, nowNanos)) {
          found.put(lead, bundle);
        }
        if (!hindered.containsKey(lead) && !hindrances.lasting(lead)) {
          untaken++;
        }
      }
    }
    hindrances.keepOnly(complete);
    hindrances.now(hindered);
    tellAlone(reading.leftAlone());
    if (found.isEmpty()) {
      idleSince = null;
    } else if (idleSince == null) {
      idleSince = clock.instant();
    }
    ready = found;
    folders = ancestors(found.keySet());
    waiting = waits.size() + untaken;
    halves = waits;
    return found.size();
  }

  private static Set<Path> ancestors(Set<Path> leads) {
    var ancestors = new HashSet<Path>();
    for (var lead : leads) {
      for (var up = lead.getParent(); up != null && ancestors.add(up); ) {
        up = up.getParent();
      }
    }
    return ancestors;
  }

  private void tellAlone(Map<Path, String> now) {
    leftAlone = now;
    now.forEach(
        (path, why) -> {
          if (toldAlone.size() < MOST_TOLD && toldAlone.add(path)) {
            LOG.warn("{} {}", InboxScan.said(path), why);
          }
        });
  }

  private Pairing.Place place(Path folder, Map<Path, InboxScan.Folder> tree) {
    var relative = root.relativize(folder);
    var top = relative.toString().isEmpty();
    var profile = top ? settings.defaultProfile() : relative.getName(0).toString();
    var subPath =
        top || relative.getNameCount() == 1
            ? ""
            : relative.subpath(1, relative.getNameCount()).toString().replace('\\', '/');
    var defaults = new ArrayList<Dropped>();
    for (var up = folder; up != null && up.startsWith(root); up = up.getParent()) {
      var here = tree.get(up);
      if (here != null) {
        defaults.addAll(0, here.defaults());
      }
    }
    return new Pairing.Place(profile, subPath, needs.apply(profile), defaults);
  }

  /** Camel shows it every name there is, also those that are no paths in this locale. */
  @Override
  public boolean accept(GenericFile<File> file) {
    try {
      var path = file.getFile().toPath().toAbsolutePath().normalize();
      return file.isDirectory() ? folders.contains(path) : ready.containsKey(path);
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** The bundle this file leads; each is handed out once. */
  Optional<Bundle> take(Path lead) {
    if (!ready.containsKey(lead) || !mine.getAsBoolean()) {
      return Optional.empty();
    }
    idleSince = null;
    return Optional.ofNullable(ready.remove(lead)).map(Obstacles::unreadable);
  }

  /** The bundle could not be taken; it is looked at again in half a minute. */
  void putOff(Bundle bundle, Exception cause) {
    if (hindrances.failed(bundle, cause, clock.nanos())) {
      LOG.error(
          "{} cannot be taken: {}. It stays in the inbox and is tried again every 30s; nothing was"
              + " sent.",
          InboxScan.said(bundle.lead()),
          cause instanceof IOException failure && Rights.denied(cause)
              ? Rights.why(bundle.lead(), failure)
              : cause.toString());
    }
  }

  /** An inbox that was read once, as if all in it had settled, for a plan; takes nothing. */
  static Inbox glance(Settings settings, Function<String, Needs> needs, JobQueries queries) {
    var usual = settings.inbox();
    var hurried =
        new Settings.Inbox(
            Duration.ZERO, usual.scanPeriod(), usual.pairWindow(), usual.defaultProfile());
    var time = SteadyTime.ofThisMachine();
    var root = settings.folders().inbox();
    var inbox = new Inbox(root, hurried, needs, queries, null, time, null);
    try {
      inbox.look(time.nanos());
      return inbox;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is complete, by path. */
  List<Bundle> ready() {
    return ready.values().stream()
        .sorted(Comparator.comparing(Bundle::lead))
        .map(Obstacles::unreadable)
        .toList();
  }

  /** What settles or waits for its other half. */
  List<Pairing.Waiting> halves() {
    return halves;
  }

  /** What is not taken although it looks as if it were, and why, one sentence each. */
  List<String> stays() {
    var stays = new ArrayList<>(hindrances());
    leftAlone.forEach((path, why) -> stays.add(InboxScan.said(path) + " " + why));
    return stays;
  }

  @Override
  public void commit(Consumer consumer, Endpoint endpoint, int polledMessages) {
    well();
  }

  @Override
  public boolean rollback(Consumer consumer, Endpoint endpoint, int retryCounter, Exception cause) {
    handleException(cause);
    return false;
  }

  @Override
  public void handleException(Throwable cause) {
    complain("reading the inbox %s failed: %s".formatted(root, cause), cause);
  }

  @Override
  public void handleException(String message, Throwable cause) {
    handleException(cause);
  }

  @Override
  public void handleException(String message, @Nullable Exchange exchange, Throwable cause) {
    handleException(cause);
  }
}
