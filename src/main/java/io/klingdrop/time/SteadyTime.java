package io.klingdrop.time;

import static io.klingdrop.fault.OutOfMemory.seenIn;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time of this process. It follows the clock of the machine forwards and never goes back: when
 * that clock is set back, it goes on from where it was, as fast as the machine's monotonic clock,
 * until the machine's clock has caught up or the process is started anew. So nothing that is due
 * waits for a time that comes twice. What is written down (ledger, notes, messages) bears this
 * time: after a step back it is ahead of the machine's clock until then, and in its true order.
 * Lines of the log bear the machine's. Thread-safe.
 */
public final class SteadyTime implements Time {
  private static final Logger LOG = LoggerFactory.getLogger(SteadyTime.class);

  /** Time servers correct by less in small steps all day long. */
  private static final Duration SMALL = Duration.ofSeconds(2);

  private final InstantSource wall;
  private final LongSupplier nanos;
  private final List<Runnable> whenSetBack = new CopyOnWriteArrayList<>();
  private Instant anchor;
  private long anchorNanos;
  private Duration behind = Duration.ZERO;

  /** Time by these two clocks; {@code nanos} never goes back, as {@link System#nanoTime}. */
  SteadyTime(InstantSource wall, LongSupplier nanos) {
    this.wall = wall;
    this.nanos = nanos;
    this.anchor = wall.instant();
    this.anchorNanos = nanos.getAsLong();
  }

  /** The time of this machine. */
  public static Time ofThisMachine() {
    return new SteadyTime(InstantSource.system(), System::nanoTime);
  }

  @Override
  public synchronized Instant instant() {
    var told = wall.instant();
    var elapsed = nanos.getAsLong();
    var steady = anchor.plusNanos(elapsed - anchorNanos);
    if (!told.isBefore(steady)) {
      if (!behind.isZero()) {
        LOG.info("the clock of this machine has caught up; its time counts again");
        behind = Duration.ZERO;
      }
      anchor = told;
      anchorNanos = elapsed;
      return told;
    }
    var gap = Duration.between(told, steady);
    if (gap.minus(behind).compareTo(SMALL) > 0) {
      behind = gap;
      LOG.warn(
          "the clock of this machine was set back by {} s. Jobs go on by the time before; times in"
              + " notes and messages are ahead by that until klingdrop is started anew or the clock"
              + " has caught up. No task is paid twice, none is forgotten.",
          gap.toSeconds());
      whenSetBack.forEach(Runnable::run);
    }
    return steady;
  }

  @Override
  public long nanos() {
    return nanos.getAsLong();
  }

  @Override
  public void pause(Duration length) throws InterruptedException {
    NANOSECONDS.sleep(length.toNanos());
  }

  @Override
  public Timer timer(String thread) {
    return new MachineTimer(thread);
  }

  @Override
  public void onLeap(Runnable leapt) {
    whenSetBack.add(leapt);
  }

  /** A timer that goes by the machine's monotonic clock. Thread-safe. */
  private static final class MachineTimer implements Time.Timer {
    private final String name;
    private final ScheduledExecutorService executor;

    MachineTimer(String name) {
      this.name = name;
      this.executor =
          Executors.newSingleThreadScheduledExecutor(
              work -> {
                var thread = new Thread(work, name);
                thread.setDaemon(true);
                return thread;
              });
    }

    @Override
    public void after(Duration delay, Runnable work) {
      begin(() -> executor.schedule(seenIn(work), delay.toNanos(), NANOSECONDS));
    }

    @Override
    public void every(Duration delay, Duration period, Runnable work) {
      begin(
          () ->
              executor.scheduleWithFixedDelay(
                  seenIn(work), delay.toNanos(), period.toNanos(), NANOSECONDS));
    }

    private void begin(Supplier<Future<?>> scheduling) {
      try {
        var unused = scheduling.get();
      } catch (RejectedExecutionException e) {
        LOG.debug("{} has ended and takes nothing more", name, e);
      }
    }

    @Override
    public void close() {
      executor.shutdownNow();
    }
  }
}
