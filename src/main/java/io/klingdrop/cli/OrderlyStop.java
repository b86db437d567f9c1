package io.klingdrop.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the JVM, once it was told to end, until the service has closed what it had open: Camel's
 * own hook only waits for the routes, and a ledger that is not closed leaves its last minutes in a
 * second file.
 */
final class OrderlyStop {
  /** Camel gives calls under way a minute; closing the rest takes no time. */
  private static final long PATIENCE_SECONDS = 75;

  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook = new Thread(this::await, "orderly-stop");

  private OrderlyStop() {}

  /** From now on an end of the JVM waits for {@link #close}. */
  static OrderlyStop awaited() {
    var stop = new OrderlyStop();
    Runtime.getRuntime().addShutdownHook(stop.hook);
    return stop;
  }

  private void await() {
    try {
      var unused = closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void close() {
    closed.countDown();
  }
}
