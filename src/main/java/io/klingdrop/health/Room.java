package io.klingdrop.health;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the disks that a finished video passes through (data, and the outbox where results go
 * there) have room for it. A task is only paid for while they have, see {@code Lanes.room}.
 * Thread-safe.
 */
public record Room(Map<String, Path> folders, long least, Free free) {
  private static final Logger LOG = LoggerFactory.getLogger(Room.class);

  /** Tells the bytes that may still be written where a folder lies. */
  @FunctionalInterface
  public interface Free {
    long at(Path folder) throws IOException;
  }

  /** The room of folders, by what each is called; {@code least} bytes must be free on each. */
  public Room(Map<String, Path> folders, long least) {
    this(folders, least, folder -> Files.getFileStore(folder).getUsableSpace());
  }

  /** What there is too little of and where, one sentence; empty if there is room. */
  public Optional<String> lack() {
    for (var folder : folders.entrySet()) {
      try {
        var left = free.at(folder.getValue());
        if (left < least) {
          return Optional.of(
              "only %d MiB are free for the %s folder %s, less than %d MiB"
                  .formatted(left >> 20, folder.getKey(), folder.getValue(), least >> 20));
        }
      } catch (IOException e) {
        LOG.debug("the free space cannot be read", e);
        return Optional.of(
            "the disk of the %s folder %s cannot be read"
                .formatted(folder.getKey(), folder.getValue()));
      }
    }
    return Optional.empty();
  }

  /** How much is left where there is least, for a report; asked once there is room. */
  String said() {
    var left = Long.MAX_VALUE;
    for (var folder : folders.values()) {
      try {
        left = Math.min(left, free.at(folder));
      } catch (IOException e) {
        return "the disk cannot be read: " + e.getMessage();
      }
    }
    return (left >> 20) + " MiB are free";
  }
}
