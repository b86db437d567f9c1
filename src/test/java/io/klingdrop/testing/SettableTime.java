package io.klingdrop.testing;

import io.klingdrop.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;

/**
 * Time that a test turns on: instants, nanoseconds, pauses and timers together. It stands still
 * between two turns, or goes on as the machine's time does. Safe for use by many threads.
 */
public final class SettableTime implements Time {
  private final InstantSource wall;
  private final LongSupplier flow;
  private final List<Runnable> leaps = new CopyOnWriteArrayList<>();
  private final List<Long> pauses = new ArrayList<>();
  private long turned;

  private SettableTime(InstantSource wall, LongSupplier flow) {
    this.wall = wall;
    this.flow = flow;
  }

  /** Goes on as this machine's time, from now. */
  public static SettableTime running() {
    return new SettableTime(InstantSource.system(), System::nanoTime);
  }

  /** Stands still at that moment until it is turned. */
  public static SettableTime standing(Instant at) {
    return by(() -> at);
  }

  /** Goes as these instants go. */
  public static SettableTime by(InstantSource instants) {
    return new SettableTime(
        instants, () -> Duration.between(Instant.EPOCH, instants.instant()).toNanos());
  }

  /** So much time has passed now: whoever waited for that goes on. */
  public void turn(Duration length) {
    synchronized (this) {
      turned += length.toNanos();
      notifyAll();
    }
    leaps.forEach(Runnable::run);
  }

  @Override
  public synchronized Instant instant() {
    return wall.instant().plusNanos(turned);
  }

  @Override
  public synchronized long nanos() {
    return flow.getAsLong() + turned;
  }

  @Override
  public synchronized void pause(Duration length) throws InterruptedException {
    var until = nanos() + length.toNanos();
    pauses.add(Long.valueOf(until));
    try {
      while (nanos() - until < 0) {
        await(until);
      }
    } finally {
      pauses.remove(Long.valueOf(until));
    }
  }

  /** How many threads pause. */
  public synchronized int pausing() {
    return pauses.size();
  }

  /** How long it takes until the first of those that pause goes on; empty if nobody pauses. */
  public synchronized OptionalLong nextPauseNanos() {
    var now = nanos();
    return pauses.stream().mapToLong(until -> until - now).min();
  }

  /** Until that reading of the nanoseconds, or a turn, or sooner. */
  private void await(long until) throws InterruptedException {
    wait(Math.max(1, (until - nanos()) / 1_000_000));
  }

  @Override
  public void onLeap(Runnable leapt) {
    leaps.add(leapt);
  }

  @Override
  public Timer timer(String thread) {
    return new TurnedTimer(thread);
  }

  private record Work(long due, Runnable task, Duration period) {}

  private final class TurnedTimer implements Timer {
    private final PriorityQueue<Work> waiting =
        new PriorityQueue<>(Comparator.comparing(Work::due));
    private final Thread thread;
    private boolean closed;

    private TurnedTimer(String name) {
      thread = new Thread(this::run, name);
      thread.setDaemon(true);
      thread.start();
    }

    @Override
    public void after(Duration delay, Runnable task) {
      add(delay, task, Duration.ZERO);
    }

    @Override
    public void every(Duration delay, Duration period, Runnable task) {
      add(delay, task, period);
    }

    private void add(Duration delay, Runnable task, Duration period) {
      synchronized (SettableTime.this) {
        waiting.add(new Work(nanos() + delay.toNanos(), task, period));
        SettableTime.this.notifyAll();
      }
    }

    private void run() {
      try {
        while (true) {
          var work = next();
          if (work == null) {
            return;
          }
          try {
            work.task().run();
            if (!work.period().isZero()) {
              add(work.period(), work.task(), work.period());
            }
          } catch (RuntimeException e) {
            // as with the machine's timer, a failure was the last time
          }
        }
      } catch (InterruptedException e) {
        // closed
      }
    }

    private Work next() throws InterruptedException {
      synchronized (SettableTime.this) {
        while (!closed) {
          var first = waiting.peek();
          if (first == null) {
            SettableTime.this.wait();
          } else if (nanos() - first.due() >= 0) {
            return waiting.poll();
          } else {
            await(first.due());
          }
        }
        return null;
      }
    }

    @Override
    public void close() {
      synchronized (SettableTime.this) {
        closed = true;
        SettableTime.this.notifyAll();
      }
      thread.interrupt();
    }
  }
}
