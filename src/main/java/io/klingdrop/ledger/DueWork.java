package io.klingdrop.ledger;

import java.util.Set;

/**
 * What the ledger says of a moment: for which kinds of work, by the names of their {@code ledger:}
 * endpoints, nothing is due. For any other there may be something, which shows when it is claimed.
 */
public record DueWork(Set<String> idle) {

  public DueWork {
    idle = Set.copyOf(idle);
  }

  /** Whether somebody should look for work of that kind. */
  public boolean mayHave(String kind) {
    return !idle.contains(kind);
  }
}
