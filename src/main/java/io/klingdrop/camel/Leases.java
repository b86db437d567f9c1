package io.klingdrop.camel;

/** Knows what was claimed from the ledger; one bean of this type stands in the registry. */
@FunctionalInterface
public interface Leases {
  /** Makes due again what was claimed and not worked on, or whose work broke off. */
  void giveBack(Object claimed);

  /** Whether this service may take up more: not while it gives all away or lost its ledger. */
  default boolean mayClaim() {
    return true;
  }

  /**
   * Work on what was claimed begins.
   *
   * @return false if it is being worked on here already, so that this claim is of no use
   */
  default boolean begins(Object claimed) {
    return true;
  }

  /** Work on it has ended, however. */
  default void ends(Object claimed) {}
}
