package io.klingdrop.time;

import io.klingdrop.fault.OutOfMemory;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A timer that goes by the machine's monotonic clock. Thread-safe. */
final class MachineTimer implements Time.Timer {
  private static final Logger LOG = LoggerFactory.getLogger(MachineTimer.class);

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
    try {
      var unused =
          executor.schedule(OutOfMemory.seenIn(work), delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("{} has ended and takes nothing more", name, e);
    }
  }

  @Override
  public void every(Duration delay, Duration period, Runnable work) {
    try {
      var unused =
          executor.scheduleWithFixedDelay(
              OutOfMemory.seenIn(work), delay.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("{} has ended and takes nothing more", name, e);
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
