package io.klingdrop.s3;

/** The bucket did not do what it was asked. The message is one sentence, without secrets. */
public final class StoreException extends RuntimeException {
  private final Trouble trouble;

  public enum Trouble {
    /** Nothing can be done with the bucket for now: no server, keys refused, no such bucket. */
    PLACE,
    /** The key has an object already; nothing was replaced. */
    TAKEN,
    /** This one object was refused. */
    OBJECT
  }

  public StoreException(Trouble trouble, String message, Throwable cause) {
    super(message, cause);
    this.trouble = trouble;
  }

  public Trouble trouble() {
    return trouble;
  }
}
