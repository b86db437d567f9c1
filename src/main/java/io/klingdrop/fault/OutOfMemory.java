package io.klingdrop.fault;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The end of a program that has run out of memory: what is left of it cannot be trusted to do
 * anything, and a supervisor can only start anew what has ended. The virtual machine's own option
 * for this cannot stand in a jar, and libraries catch what they did not expect; so every place that
 * sees faults of others shows them here. Does nothing until it is said to be the program's rule, as
 * inside a program of others, which decides for itself. Thread-safe.
 */
public final class OutOfMemory {
  /** What a supervisor sees. */
  public static final int EXIT_CODE = 3;

  private static final int DEPTH = 20;
  private static final byte[] LAST_WORDS =
      ("klingdrop: out of memory, ended. Start it again; everything goes on where the ledger says."
              + " Give it more memory if this comes back.\n")
          .getBytes(StandardCharsets.UTF_8);

  private static volatile boolean rule;

  private OutOfMemory() {}

  /** From now on this process ends when memory runs out; faults of threads nobody saw included. */
  public static void endsTheProgram() {
    rule = true;
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, fault) -> {
          seen(fault);
          System.err.print("Exception in thread \"" + thread.getName() + "\" ");
          fault.printStackTrace();
        });
  }

  /** A fault was caught: ends the process if memory has run out, else returns. */
  public static void seen(@Nullable Throwable fault) {
    if (rule && isOne(fault)) {
      try {
        System.err.write(LAST_WORDS, 0, LAST_WORDS.length);
        System.err.flush();
      } finally {
        Runtime.getRuntime().halt(EXIT_CODE);
      }
    }
  }

  /** The same work, whose faults are seen even if its executor keeps them to itself. */
  public static Runnable seenIn(Runnable work) {
    return () -> {
      try {
        work.run();
      } catch (RuntimeException | Error e) {
        seen(e);
        throw e;
      }
    };
  }

  private static boolean isOne(@Nullable Throwable fault) {
    var cause = fault;
    for (int n = 0; cause != null && n < DEPTH; n++) {
      if (cause instanceof OutOfMemoryError) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }
}
