package io.klingdrop.camel;

/** Takes back what was claimed from the ledger; one bean of this type stands in the registry. */
@FunctionalInterface
public interface Leases {
  /** Makes due again what was claimed and not worked on, or whose work broke off. */
  void giveBack(Object claimed);
}
