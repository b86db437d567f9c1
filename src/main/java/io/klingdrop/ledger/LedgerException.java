package io.klingdrop.ledger;

/** The database refused or could not be reached. Nothing was changed by the refused call. */
public final class LedgerException extends RuntimeException {

  public LedgerException(String message, Throwable cause) {
    super(message, cause);
  }

  public LedgerException(String message) {
    super(message);
  }
}
