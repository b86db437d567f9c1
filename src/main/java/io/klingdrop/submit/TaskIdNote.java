package io.klingdrop.submit;

import io.klingdrop.files.AtomicFiles;
import io.klingdrop.job.Job;
import io.klingdrop.settings.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task id on a slip of paper: a file beside the job's media, from the moment a task was accepted
 * until the ledger has its id. Thread-safe.
 */
record TaskIdNote(Folders folders) {
  private static final Logger LOG = LoggerFactory.getLogger(TaskIdNote.class);

  /** Writes the note; what goes wrong is only logged, for the ledger is asked next. */
  void keep(Job job, String taskId) {
    try {
      // a job that is submitted again from failed/ has no folder
      Files.createDirectories(folders.work(job.id()));
      AtomicFiles.write(note(job), taskId);
    } catch (IOException | RuntimeException | Error e) {
      LOG.error(
          "{}: the paid task {} cannot be noted beside the ledger: {}",
          job.label(),
          taskId,
          e.toString());
    }
  }

  /** The task id noted for the present attempt of that job. */
  Optional<String> find(Job job) {
    try {
      return Files.exists(note(job))
          ? Optional.of(Files.readString(note(job)).strip()).filter(id -> !id.isEmpty())
          : Optional.empty();
    } catch (IOException e) {
      LOG.error("{}: the note of its task cannot be read: {}", job.label(), e.toString());
      return Optional.empty();
    }
  }

  /** Removes the note once the ledger has the task id. */
  void forget(Job job) {
    try {
      Files.deleteIfExists(note(job));
    } catch (IOException e) {
      LOG.debug("{}: the note of its task stays: {}", job.label(), e.toString());
    }
  }

  /** A note that a crash left says nothing of the next attempt, so each has a name of its own. */
  private Path note(Job job) {
    return folders.work(job.id()).resolve("task-id-" + job.attempts());
  }
}
