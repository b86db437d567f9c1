package io.klingdrop.camel;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Says that there may be work. Raised twice before anybody looked, it is looked at once: it carries
 * nothing, and nothing is lost. Thread-safe.
 */
final class Flag {
  private final BlockingQueue<Boolean> raised = new ArrayBlockingQueue<>(1);

  void raise() {
    raised.offer(true);
  }

  void take() throws InterruptedException {
    raised.take();
  }
}
