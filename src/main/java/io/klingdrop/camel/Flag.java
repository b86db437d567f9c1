package io.klingdrop.camel;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Says that there may be work. Raised twice before anybody looked, it is looked at once: it carries
 * nothing, and nothing is lost. Thread-safe.
 */
final class Flag {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition up = lock.newCondition();
  private boolean raised;

  void raise() {
    lock.lock();
    try {
      raised = true;
      up.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until it is raised, and takes it down. */
  void take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!raised) {
        up.await();
      }
      raised = false;
    } finally {
      lock.unlock();
    }
  }
}
