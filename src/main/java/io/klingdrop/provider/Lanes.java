package io.klingdrop.provider;

import io.klingdrop.job.ClosedLane;
import io.klingdrop.job.Invocation;
import io.klingdrop.job.Text;
import io.klingdrop.ledger.LaneRows;
import io.klingdrop.settings.Settings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lanes of all accounts: a lane is closed when the provider refuses the account itself, or one
 * of its models, or while a person has paused the account. Closed lanes stand in the ledger, so
 * that other processes can tell why jobs wait, and pause and resume them. Thread-safe.
 */
public final class Lanes {
  private static final Logger LOG = LoggerFactory.getLogger(Lanes.class);

  private final LaneRows rows;
  private final Settings.Lane settings;
  private final InstantSource clock;
  private final Map<String, ClosedLane> closed = new TreeMap<>();
  private final Map<String, ClosedLane> paused = new TreeMap<>();
  private final Map<String, ClosedLane> noRoom = new TreeMap<>();

  public Lanes(LaneRows rows, Settings.Lane settings, InstantSource clock) {
    this.rows = rows;
    this.settings = settings;
    this.clock = clock;
    rows.closed().forEach(lane -> closed.put(key(lane.provider(), lane.model()), lane));
    rows.noRoom().forEach(lane -> noRoom.put(lane.provider(), lane));
    reread();
  }

  /**
   * Nothing is created at these accounts while there is no room for what they would bring.
   *
   * @param lack what there is too little of, and where; empty if there is room
   * @throws io.klingdrop.ledger.LedgerException if it cannot be written down; it holds all the same
   */
  public synchronized void room(Collection<String> providers, Optional<String> lack) {
    var waiting = providers.stream().filter(noRoom::containsKey).toList();
    if (lack.isEmpty() && !waiting.isEmpty()) {
      rows.removeNoRoom(waiting, clock.instant());
      waiting.forEach(noRoom::remove);
      LOG.info("there is room again: tasks are created as before");
    }
    if (lack.isPresent() && waiting.size() < providers.size()) {
      var now = clock.instant();
      var fresh =
          providers.stream()
              .filter(provider -> !noRoom.containsKey(provider))
              .map(provider -> ClosedLane.noRoom(provider, lack.get(), now))
              .toList();
      fresh.forEach(lane -> noRoom.put(lane.provider(), lane));
      LOG.warn(
          "no task is created for want of room: {}. Make room there; no job is lost", lack.get());
      rows.keepNoRoom(fresh);
    }
  }

  /** Whether nothing may be created at that account, though it may be open: paused, or no room. */
  public synchronized boolean held(String provider) {
    return paused.containsKey(provider) || noRoom.containsKey(provider);
  }

  /** Reads which accounts are paused, in whatever process a person said so. */
  public synchronized void reread() {
    var now = new TreeMap<String, ClosedLane>();
    rows.paused().forEach(lane -> now.put(lane.provider(), lane));
    for (var lane : now.values()) {
      if (!paused.containsKey(lane.provider())) {
        LOG.warn("lane paused: {}", Invocation.in(lane.sentence()));
      }
    }
    for (var provider : paused.keySet()) {
      if (!now.containsKey(provider)) {
        LOG.info("lane resumed by a person: {}", provider);
      }
    }
    paused.clear();
    paused.putAll(now);
  }

  /**
   * Reads anew which lanes are closed, where another node says so.
   *
   * @param theirs whether that account is not this node's, or was not until now
   */
  public synchronized void refresh(Predicate<String> theirs) {
    var shut = rows.closed();
    closed.values().removeIf(lane -> theirs.test(lane.provider()));
    shut.stream()
        .filter(lane -> theirs.test(lane.provider()))
        .forEach(lane -> closed.put(key(lane.provider(), lane.model()), lane));
    noRoom.keySet().removeIf(theirs);
    rows.noRoom().stream()
        .filter(lane -> theirs.test(lane.provider()))
        .forEach(lane -> noRoom.put(lane.provider(), lane));
  }

  /** Whether a person has paused that account, as last read. */
  public synchronized boolean paused(String provider) {
    return paused.containsKey(provider);
  }

  /**
   * Closes a lane, or keeps it closed for longer when it was closed already.
   *
   * @param model the one model, or empty for the whole account
   * @return when it is looked at again
   */
  public synchronized Instant close(String provider, String model, Refusal refusal) {
    var key = key(provider, model);
    var before = closed.get(key);
    var probes = before == null ? 0 : before.probes();
    var probeAt = clock.instant().plus(pause(probes, refusal));
    var lane =
        new ClosedLane(
            provider,
            model,
            refusal.meaning().word(),
            Text.oneLine(refusal.said(), 300),
            before == null ? clock.instant() : before.closedAt(),
            probeAt,
            probes);
    closed.put(key, lane);
    rows.keep(lane);
    if (before == null) {
      LOG.warn("lane closed: {}", lane.sentence());
    }
    return probeAt;
  }

  private Duration pause(int probes, Refusal refusal) {
    var doubled = settings.probeMin().toMillis() << Math.min(probes, 20);
    var capped = Math.min(doubled, settings.probeMax().toMillis());
    var jitter = ThreadLocalRandom.current().nextDouble(0.9, 1.1);
    var own = Duration.ofMillis((long) (capped * jitter));
    var asked = refusal.retryAfter();
    return asked != null && asked.compareTo(own) > 0 ? asked : own;
  }

  /** Opens a lane; nothing happens if it is open. */
  public synchronized void open(String provider, String model) {
    if (closed.remove(key(provider, model)) != null) {
      rows.remove(provider, model, clock.instant());
      LOG.info("lane open again: {}", model.isEmpty() ? provider : provider + " " + model);
    }
  }

  /** Why the provider has the whole account closed, if it has. */
  public synchronized Optional<ClosedLane> account(String provider) {
    return Optional.ofNullable(closed.get(key(provider, "")));
  }

  /** The models of that account that are closed by themselves. */
  public synchronized List<ClosedLane> models(String provider) {
    return closed.values().stream()
        .filter(lane -> lane.provider().equals(provider) && !lane.model().isEmpty())
        .toList();
  }

  /** All lanes that are paused, wait for room or are closed, in this order. */
  public synchronized Collection<ClosedLane> all() {
    return Stream.of(paused, noRoom, closed).flatMap(lanes -> lanes.values().stream()).toList();
  }

  /** Whether tasks of that account may be looked at: always, unless the key itself is refused. */
  public boolean mayPoll(String provider) {
    return account(provider).filter(lane -> lane.cause().equals(Meaning.KEY.word())).isEmpty();
  }

  /**
   * Whether a look at this closed lane is due; if so the caller must make it, for the next one is
   * put off at once.
   */
  public synchronized boolean probeNow(ClosedLane lane) {
    var key = key(lane.provider(), lane.model());
    var current = closed.get(key);
    if (current == null || clock.instant().isBefore(current.probeAt())) {
      return false;
    }
    closed.put(key, current.probed(clock.instant().plus(settings.probeMax())));
    return true;
  }

  private static String key(String provider, String model) {
    return provider + "\n" + model;
  }
}
