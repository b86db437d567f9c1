package io.klingdrop.wire;

import java.io.IOException;

/** The last look of a call before it leaves, for doubles that have no wire. */
public final class Leaving {

  private Leaving() {}

  /** Throws if the limit of this thread's call is over. */
  public static void check() throws IOException {
    SendLimit.check();
  }
}
