package io.klingdrop.time;

import java.time.Duration;
import java.time.InstantSource;

/**
 * The time the program goes by: instants for what is written down, nanoseconds for what is
 * measured, and what shall happen later. A program has one, so that a test can turn all of it
 * together. Thread-safe.
 */
public interface Time extends InstantSource {
  /** Nanoseconds since some moment, as {@link System#nanoTime}: only differences mean something. */
  long nanos();

  /** Waits until so much of this time has passed; not at all for zero or less. */
  void pause(Duration length) throws InterruptedException;

  /** A daemon thread of that name for work at its time; ends when closed. */
  Timer timer(String thread);

  /**
   * Calls {@code leapt} whenever this time and the clock of the machine have parted, since what
   * counts by the machine's clock then has to begin anew. {@code leapt} must return at once.
   */
  void onLeap(Runnable leapt);

  /** Does work at its time, one piece after another. What fails is the work's own affair. */
  interface Timer extends AutoCloseable {
    /** Once, when the delay has passed; at once for zero. Nothing happens after the end. */
    void after(Duration delay, Runnable work);

    /** After the delay, then a period after each end, again and again until it fails. */
    void every(Duration delay, Duration period, Runnable work);

    /** Drops all that waits, and asks what is under way to stop. */
    @Override
    void close();
  }
}
