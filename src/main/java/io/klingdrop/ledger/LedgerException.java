package io.klingdrop.ledger;

/** The database refused or could not be reached. Nothing was changed by the refused call. */
public final class LedgerException extends RuntimeException {

  /** A refusal with what the database said. */
  public LedgerException(String message, Throwable cause) {
    super(message, cause);
  }

  /** A refusal of our own. */
  public LedgerException(String message) {
    super(message);
  }
}
