package io.klingdrop.testkit;

import io.klingdrop.camel.Leases;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Takes back what a route could not finish and remembers it, in place of the ledger. It belongs
 * into {@code new JobErrors(givenBack)}, and into the registry for what leaves a doTry uncaught,
 * which no error handling of a route sees. Thread-safe.
 */
public final class GivenBack implements Leases {
  private final List<Object> pieces = new CopyOnWriteArrayList<>();

  @Override
  public void giveBack(Object claimed) {
    pieces.add(claimed);
  }

  /** What was given back, in that order: jobs and shipments. */
  public List<Object> pieces() {
    return List.copyOf(pieces);
  }

  /** Begins anew. */
  public void forget() {
    pieces.clear();
  }
}
