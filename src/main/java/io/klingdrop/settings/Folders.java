package io.klingdrop.settings;

import java.nio.file.Path;

/** The six trees of klingdrop, absolute. */
public record Folders(
    Path inbox, Path outbox, Path failed, Path duplicates, Path archive, Path data) {

  /** Where the files of jobs under way live, one folder each. */
  public Path work() {
    return data.resolve("work");
  }

  public Path work(String jobId) {
    return work().resolve(jobId);
  }
}
