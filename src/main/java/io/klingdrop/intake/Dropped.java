package io.klingdrop.intake;

import io.klingdrop.job.Role;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A file seen in the inbox.
 *
 * @param bytes size at the latest reading
 * @param modified modification time at the latest reading, epoch milliseconds
 * @param unchanged how long size and time have been the same, by our own clock
 */
record Dropped(Path path, Role role, long bytes, long modified, Duration unchanged) {

  String name() {
    return path.getFileName().toString();
  }

  String stem() {
    return InboxRules.stem(name());
  }
}
