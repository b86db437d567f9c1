package io.klingdrop.submit;

import io.klingdrop.files.AtomicFiles;
import io.klingdrop.settings.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task id on a slip of paper: a file beside the job's media, for the one case that a task was
 * accepted and the ledger refuses to write it down. Thread-safe.
 */
public final class TaskIdNote {
  private static final Logger LOG = LoggerFactory.getLogger(TaskIdNote.class);

  private final Folders folders;

  /** Notes in the work folders of these folders. */
  public TaskIdNote(Folders folders) {
    this.folders = folders;
  }

  /** Writes the note; a full disk is only logged, for the log then is the note. */
  void keep(String jobId, String taskId) {
    try {
      // a job that is submitted again from failed/ has none
      Files.createDirectories(folders.work(jobId));
      AtomicFiles.write(note(jobId), taskId);
    } catch (IOException e) {
      LOG.error(
          "{}: the note of task {} cannot be written either: {}", jobId, taskId, e.toString());
    }
  }

  /** The task id noted for that job. */
  Optional<String> find(String jobId) {
    try {
      return Files.exists(note(jobId))
          ? Optional.of(Files.readString(note(jobId)).strip()).filter(id -> !id.isEmpty())
          : Optional.empty();
    } catch (IOException e) {
      LOG.error("{}: the note of its task cannot be read: {}", jobId, e.toString());
      return Optional.empty();
    }
  }

  /** Removes the note once the ledger has the task id. */
  void forget(String jobId) {
    try {
      Files.deleteIfExists(note(jobId));
    } catch (IOException e) {
      LOG.debug("{}: the note of its task stays: {}", jobId, e.toString());
    }
  }

  private Path note(String jobId) {
    return folders.work(jobId).resolve("task-id");
  }
}
