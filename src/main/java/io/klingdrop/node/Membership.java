package io.klingdrop.node;

import static java.util.stream.Collectors.toSet;

import io.klingdrop.ledger.Holder;
import io.klingdrop.ledger.LaneFence;
import io.klingdrop.ledger.LaneLostException;
import io.klingdrop.ledger.LedgerException;
import io.klingdrop.ledger.NodeRow.State;
import io.klingdrop.ledger.NodeRows;
import io.klingdrop.ledger.NodeRows.Share;
import io.klingdrop.ledger.NodeRows.Wish;
import io.klingdrop.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's place at its ledger. It beats every third of its lease; what the last beat gave holds
 * until that lease is over by both clocks of this machine (one of them stands still while it is
 * suspended), and then for nothing. Where the ledger is a file of its own, everything is its own.
 * Thread-safe.
 */
public final class Membership implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

  /** So long a node waits for its database before it ends, so that a supervisor starts it anew. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** How soon a node sees what a person asks of it, or that a lane was given away. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final @Nullable NodeRows rows;
  private final Holder holder;
  private final String home;
  private final Duration lease;
  private final Collection<String> accounts;
  private final Time time;
  private final Time.Timer timer;
  private final Set<String> wanted = ConcurrentHashMap.newKeySet();
  private final List<Consumer<String>> gained = new CopyOnWriteArrayList<>();
  private final List<Consumer<Share>> beats = new CopyOnWriteArrayList<>();
  private volatile boolean leaving;
  private boolean closed;
  private Set<String> given = Set.of();
  private Set<String> asked = Set.of();
  private volatile Runnable lost = () -> {};
  private volatile Held held;
  private final ReentrantLock turn = new ReentrantLock();
  private volatile boolean ended;

  /** What a beat gave, and when it began by both clocks. */
  private record Held(Share share, long nanos, Instant instant) {}

  private Membership(
      @Nullable NodeRows rows,
      Holder holder,
      String home,
      Duration lease,
      Collection<String> accounts,
      Time time) {
    this.rows = rows;
    this.holder = holder;
    this.home = home;
    this.lease = lease;
    this.accounts = List.copyOf(accounts);
    this.time = time;
    this.timer = time.timer("node");
    this.held = new Held(new Share(0, State.UP, Map.of(), Set.of()), 0, Instant.EPOCH);
  }

  /** The only node of its ledger. */
  public static Membership alone(Holder holder, Time time) {
    return new Membership(null, holder, "", Duration.ZERO, List.of(), time);
  }

  /**
   * One of several nodes, which has entered itself.
   *
   * @param home a random id of its data folder
   * @param accounts the provider accounts it can use
   */
  public static Membership among(
      NodeRows rows,
      Holder holder,
      String home,
      Duration lease,
      Collection<String> accounts,
      Time time) {
    return new Membership(rows, holder, home, lease, accounts, time);
  }

  /** Who holds this node's leases. */
  public Holder holder() {
    return holder;
  }

  /** This node's name. */
  public String name() {
    return holder.name();
  }

  /** Whether other nodes may be at the ledger. */
  public boolean shared() {
    return rows != null;
  }

  /**
   * Beats now, and from now on.
   *
   * @param lost what is done once when the node has no place any more: its database was away for
   *     too long, or does not know it; must return at once
   */
  public void start(Runnable lost) {
    if (rows == null) {
      return;
    }
    this.lost = lost;
    this.held = new Held(held.share(), time.nanos(), time.instant());
    beat();
    var period = lease.dividedBy(3);
    timer.every(period, period, this::beat);
    timer.every(LOOK, LOOK, () -> look(rows));
  }

  /** Calls {@code step} with each account that becomes this node's, on the thread that beats. */
  public void onLane(Consumer<String> step) {
    gained.add(step);
  }

  /** Calls {@code step} after each beat with what it gave, on the thread that beats. */
  public void onBeat(Consumer<Share> step) {
    beats.add(step);
  }

  /** Beats at once where that changes something; one statement where it does not. */
  private void look(NodeRows rows) {
    try {
      var asked = rows.asked(name(), home);
      var state = held.share().state();
      var wishes = Set.copyOf(wanted);
      var given =
          asked.given().stream()
              .filter(name -> accounts.contains(name) || wishes.contains(name))
              .collect(toSet());
      // once for each: what it does not get then is another one's
      var free = !this.given.containsAll(given) || !this.asked.containsAll(wishes);
      this.given = given;
      this.asked = wishes;
      var moves =
          switch (state) {
            case UP -> free && !leaving;
            case DRAINING -> holder.inHand() == 0;
            case DRAINED -> holder.inHand() > 0;
            case STOPPED -> false;
          };
      if (moves || !asked.state().equals(Optional.of(state))) {
        beat();
      }
    } catch (RuntimeException e) {
      LOG.debug("node {}: nothing was seen between two beats", name(), e);
    }
  }

  /** One beat; nothing if one is under way or it has ended. */
  private void beat() {
    if (!turn.tryLock()) {
      return;
    }
    try {
      if (!closed) {
        beatNow();
      }
    } finally {
      turn.unlock();
    }
  }

  private void beatNow() {
    var nanos = time.nanos();
    var instant = time.instant();
    try {
      var last = held.share();
      var wish =
          new Wish(
              leaving ? last.lanes().keySet() : accounts,
              leaving ? last.leases() : wanted,
              holder.inHand() == 0);
      var share = rows == null ? Optional.<Share>empty() : rows.beat(holder, home, lease, wish);
      if (share.isEmpty()) {
        end("the database does not know this node any more: another one of its name began");
        return;
      }
      var before = held.share();
      held = new Held(share.get(), nanos, instant);
      tell(before, share.get());
      beats.forEach(step -> step.accept(share.get()));
    } catch (RuntimeException e) {
      var silent = Duration.ofNanos(nanos - held.nanos());
      LOG.warn(
          "node {}: no beat for {} s. It takes nothing up and sends nothing until the database"
              + " answers; what is paid for stays safe. {}",
          name(),
          silent.toSeconds(),
          e.toString());
      LOG.debug("the cause", e);
      if (silent.compareTo(PATIENCE) >= 0) {
        end("the database was away for " + silent.toSeconds() + " s");
      }
    }
  }

  private void tell(Share before, Share now) {
    if (before.state() != now.state()) {
      LOG.info("node {} is {} now", name(), now.state().name().toLowerCase(Locale.ROOT));
    }
    for (var lane : now.lanes().entrySet()) {
      if (!lane.getValue().equals(before.lanes().get(lane.getKey()))) {
        LOG.info("node {} owns the lane {} now, epoch {}", name(), lane.getKey(), lane.getValue());
        gained.forEach(step -> step.accept(lane.getKey()));
      }
    }
    for (var lane : before.lanes().keySet()) {
      if (!now.lanes().containsKey(lane)) {
        LOG.info("node {} does not own the lane {} any more", name(), lane);
      }
    }
  }

  private void end(String why) {
    if (!ended) {
      ended = true;
      LOG.error(
          "node {} ends: {}. Other nodes go on with its jobs, nothing is paid twice.", name(), why);
      lost.run();
    }
  }

  /** Whether what the last beat gave still holds. */
  private boolean alive() {
    var now = held;
    return !ended
        && time.nanos() - now.nanos() < lease.toNanos()
        && Duration.between(now.instant(), time.instant()).compareTo(lease) < 0;
  }

  /** Whether this node may submit and poll at that account now. */
  public boolean owns(String provider) {
    return rows == null || (held.share().lanes().containsKey(provider) && alive());
  }

  /**
   * This node's right to create tasks at that account, for the ledger to check.
   *
   * @return null where it needs none, being alone
   * @throws LaneLostException if it has none
   */
  public @Nullable LaneFence fence(String provider) {
    if (rows == null) {
      return null;
    }
    var epoch = held.share().lanes().get(provider);
    if (epoch == null || !alive()) {
      throw new LaneLostException(provider);
    }
    return new LaneFence(provider, name(), epoch);
  }

  /** Whether this node is the one that does what that lease is named after; asks for it if not. */
  public boolean does(String lease) {
    if (rows == null) {
      return true;
    }
    wanted.add(lease);
    return held.share().leases().contains(lease) && alive();
  }

  /** Asks no more for that lease; one that is held ends by itself. */
  public void leaves(String lease) {
    wanted.remove(lease);
  }

  /** Whether work may be taken up: not while it drains or stops, or its database is away. */
  public boolean mayClaim() {
    return rows == null || (held.share().state() == State.UP && !leaving && alive());
  }

  /** How it is now. */
  public State state() {
    return held.share().state();
  }

  /** The accounts it owns now. */
  public Set<String> lanes() {
    return alive() ? held.share().lanes().keySet() : Set.of();
  }

  /** How long ago its last beat that was answered began; zero before the first. */
  public Duration silent() {
    var last = held;
    return last.share().now() == 0 ? Duration.ZERO : Duration.ofNanos(time.nanos() - last.nanos());
  }

  /** Whether what the last beat gave is over: its database does not answer. */
  public boolean cutOff() {
    return rows != null && held.share().now() != 0 && !alive();
  }

  /** It will stop soon: it keeps what it has until {@link #close} and takes nothing more. */
  public void leavesSoon() {
    leaving = true;
  }

  /** Whether a person has asked it to give everything away. */
  public boolean draining() {
    return held.share().state() != State.UP;
  }

  /** Ends in order: all it had is free at once. */
  @Override
  public void close() {
    turn.lock();
    try {
      closed = true;
      timer.close();
      if (rows != null) {
        try {
          rows.depart(name(), home);
        } catch (LedgerException e) {
          LOG.warn(
              "node {} could not sign off ({}). Others go on with its jobs in {} s.",
              name(),
              e.getMessage(),
              lease.toSeconds());
        }
      }
    } finally {
      turn.unlock();
    }
  }
}
