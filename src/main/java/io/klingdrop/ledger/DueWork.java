package io.klingdrop.ledger;

import java.util.Set;

/**
 * The kinds of work for which something may be due at a moment, by the names of their {@code
 * ledger:} endpoints. Whether it is, and for whom, shows when it is claimed.
 */
public record DueWork(Set<String> kinds) {

  public DueWork {
    kinds = Set.copyOf(kinds);
  }

  public boolean has(String kind) {
    return kinds.contains(kind);
  }
}
