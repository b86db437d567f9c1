package io.klingdrop.ledger;

/** Another node owns the account by now, or will: nothing was changed, and nothing may be sent. */
public final class LaneLostException extends RuntimeException {

  /** This node's right to that account has ended. */
  public LaneLostException(String provider) {
    super("the lane " + provider + " is not this node's any more");
  }
}
