package io.klingdrop.testkit;

import java.util.ArrayList;
import java.util.List;

/**
 * What a stage finds due in a test: a stand-in for the stage's bean keeps one and answers {@link
 * #claim} where a route claims. Each piece is claimed once, as from the ledger. Thread-safe.
 *
 * @param <T> a job, a shipment or an outcome
 */
public final class DueWork<T> {
  private final List<T> due = new ArrayList<>();

  /** Makes a piece due; the route sees it at its next look. */
  public synchronized void add(T piece) {
    due.add(piece);
  }

  /** All that is due; empty if nothing is. */
  public synchronized List<T> claim() {
    var claimed = List.copyOf(due);
    due.clear();
    return claimed;
  }
}
