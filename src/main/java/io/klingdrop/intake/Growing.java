package io.klingdrop.intake;

import java.time.Duration;

/**
 * A file that some program still writes under another name: it is not touched, and what it may
 * become is waited for.
 *
 * @param name as it lies there
 * @param becomes the name it will have; empty if its name does not tell
 * @param unchanged how long size and time have been the same, by our own clock
 */
record Growing(String name, String becomes, Duration unchanged) {

  /** Whether it may become a file of that stem. */
  boolean mayBe(String stem) {
    return becomes.isEmpty() || InboxRules.stem(becomes).equals(stem);
  }
}
