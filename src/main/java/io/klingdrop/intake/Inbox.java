package io.klingdrop.intake;

import io.klingdrop.files.Grounds;
import io.klingdrop.job.Text;
import io.klingdrop.ledger.Books;
import io.klingdrop.settings.Settings;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;
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
public final class Inbox implements GenericFileFilter<File>, PollingConsumerPollStrategy {
  private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);

  private final Path root;
  private final Settings.Inbox settings;
  private final Function<String, Needs> needs;
  private final Books books;
  private final @Nullable Grounds grounds;
  private final InstantSource clock;
  private final InboxScan scan;
  private final Map<Path, Long> putOff = new ConcurrentHashMap<>();
  private Map<Path, Bundle> ready = Map.of();
  private Set<Path> folders = Set.of();
  private boolean failing;
  private volatile @Nullable Instant lastScan;
  private volatile int waiting;
  private volatile @Nullable Instant idleSince;

  /**
   * An inbox at {@code root}, absolute; {@code needs} answers for a profile's name.
   *
   * @param grounds says whether it is mounted, null for one that is only looked at
   */
  Inbox(
      Path root,
      Settings.Inbox settings,
      Function<String, Needs> needs,
      Books books,
      @Nullable Grounds grounds,
      InstantSource clock) {
    this.grounds = grounds;
    this.root = root;
    this.settings = settings;
    this.needs = needs;
    this.books = books;
    this.clock = clock;
    this.scan = new InboxScan(root);
  }

  /** When the inbox was last read without fault; empty before the first time. */
  public Optional<Instant> lastScan() {
    return Optional.ofNullable(lastScan);
  }

  /** Since when bundles are ready and none of them is taken; empty if that is not so. */
  public Optional<Instant> untakenSince() {
    return Optional.ofNullable(idleSince);
  }

  /** How many groups of files settle, wait for their other half, or wait to be taken. */
  public int waiting() {
    return waiting;
  }

  @Override
  public boolean begin(Consumer consumer, Endpoint endpoint) {
    try {
      requireHere();
      var found = look(System.nanoTime());
      if (failing) {
        LOG.info("the inbox {} can be read again", root);
        failing = false;
      }
      lastScan = clock.instant();
      return found > 0;
    } catch (IOException e) {
      if (!failing) {
        LOG.error(
            "the inbox {} cannot be read: {}. No file is lost; it is tried again every scan.",
            root,
            e.getMessage());
        failing = true;
      }
      return false;
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
    var ancestors = new HashSet<Path>();
    var later = 0;
    putOff.values().removeIf(until -> until - nowNanos <= 0);
    var timing = new Pairing.Timing(settings.settle(), settings.pairWindow());
    var tree = scan.read(nowNanos);
    var served = books.sharedInputs();
    for (var folder : tree.values()) {
      var outcome =
          Pairing.pair(
              place(folder.path(), tree),
              timing,
              path -> served.contains(path.toString()),
              folder.files());
      later += outcome.waiting();
      for (var bundle : outcome.ready()) {
        later++;
        if (!putOff.containsKey(bundle.lead())) {
          found.put(bundle.lead(), bundle);
          for (var up = bundle.lead().getParent(); up != null; up = up.getParent()) {
            ancestors.add(up);
          }
        }
      }
    }
    if (found.isEmpty()) {
      idleSince = null;
    } else if (idleSince == null) {
      idleSince = clock.instant();
    }
    ready = found;
    folders = ancestors;
    waiting = later;
    return found.size();
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

  @Override
  public boolean accept(GenericFile<File> file) {
    var path = file.getFile().toPath().toAbsolutePath().normalize();
    return file.isDirectory() ? folders.contains(path) : ready.containsKey(path);
  }

  /** The bundle this file leads; each is handed out once. */
  Optional<Bundle> take(Path lead) {
    var bundle = ready.get(lead);
    if (bundle == null) {
      return Optional.empty();
    }
    ready.remove(lead);
    idleSince = null;
    return Optional.of(bundle);
  }

  /** The bundle could not be taken; it is looked at again in half a minute. */
  void putOff(Bundle bundle, Exception cause) {
    putOff.put(bundle.lead(), System.nanoTime() + 30_000_000_000L);
    LOG.error(
        "{} cannot be taken: {}. It stays in the inbox and is tried again in 30s; nothing was"
            + " sent.",
        Text.oneLine(bundle.lead().toString(), 200),
        cause.toString());
  }

  /** What lies in an inbox at one moment, as if all of it had settled. */
  record Glance(List<Bundle> ready, int waiting) {}

  /** Reads the inbox once, for a plan; takes nothing. */
  static Glance glance(
      Path root, Settings.Inbox settings, Function<String, Needs> needs, Books books) {
    var hurried =
        new Settings.Inbox(
            Duration.ZERO, settings.scanPeriod(), settings.pairWindow(), settings.defaultProfile());
    var inbox = new Inbox(root, hurried, needs, books, null, InstantSource.system());
    try {
      var found = inbox.look(System.nanoTime());
      var ready = inbox.ready.values().stream().sorted(Comparator.comparing(Bundle::lead)).toList();
      return new Glance(ready, inbox.waiting - found);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void commit(Consumer consumer, Endpoint endpoint, int polledMessages) {
    // nothing to note: begin() did the reading
  }

  @Override
  public boolean rollback(Consumer consumer, Endpoint endpoint, int retryCounter, Exception cause) {
    LOG.error("reading the inbox failed: {}. It is tried again every scan.", cause.toString());
    return false;
  }
}
