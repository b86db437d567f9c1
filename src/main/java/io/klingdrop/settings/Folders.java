package io.klingdrop.settings;

import java.nio.file.Path;

/**
 * The seven folders of klingdrop, absolute.
 *
 * @param work where the files of jobs under way live, one folder each; in the data folder unless
 *     the settings say otherwise
 * @param data what belongs to one service alone
 */
public record Folders(
    Path inbox, Path outbox, Path failed, Path duplicates, Path archive, Path work, Path data) {

  public Path work(String jobId) {
    return work.resolve(jobId);
  }

  /** Whether the work folder is a part of the data folder, and goes where that goes. */
  public boolean workInData() {
    return work.startsWith(data);
  }
}
