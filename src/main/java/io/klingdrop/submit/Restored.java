package io.klingdrop.submit;

import io.klingdrop.budget.BudgetCaps;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobLog;
import io.klingdrop.job.JobState;
import io.klingdrop.ledger.SpendingGate;
import io.klingdrop.stage.StageContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A data folder that was put back from a backup. Its ledger does not know what happened since: a
 * job that waited for its turn then may have been paid for by now, so that it is never simply sent.
 */
public record Restored(StageContext context) {
  private static final Logger LOG = LoggerFactory.getLogger(Restored.class);

  /** The file that says so, in the data folder. */
  private static final String NOTE = "from-backup";

  /** Marks a copy of a data folder, begun at that time, as a backup. */
  public static void mark(Path copy, Instant now) throws IOException {
    Files.writeString(copy.resolve(NOTE), now + "\n");
  }

  /** Whether a file of the data folder is the mark itself. */
  public static boolean isMark(Path file) {
    return file.endsWith(NOTE);
  }

  /**
   * Lets every job that was not yet submitted wait for a person, or for the provider's word where
   * it finds tasks by our id; does nothing in a folder that is no backup. Called at start.
   */
  void settle() {
    var note = context.settings().folders().data().resolve(NOTE);
    if (!Files.exists(note)) {
      return;
    }
    try {
      var reason =
          "the ledger was put back from a backup of %s; whether createTask was called since is not known"
              .formatted(Files.readString(note).strip());
      var gate = new SpendingGate(context.database(), context.clock());
      // the retry of a task that failed may have been paid for since as well
      context.ledger().allowNoRetry();
      each(
          JobState.READY,
          job -> {
            var finds = context.providers().account(job.provider()).findsTasks();
            context.ledger().submitUnknown(gate.submitting(job, BudgetCaps.NONE), reason, finds);
            LOG.warn("{}: {}", job.label(), reason);
          });
      each(
          JobState.CLAIMED,
          job -> {
            context.ledger().cancelled(job, reason);
            LOG.warn("{}: {}. Look for its video before you drop it again.", job.label(), reason);
          });
      Files.delete(note);
    } catch (IOException e) {
      throw new IllegalStateException(
          "the note %s, which says that this is a backup, cannot be read or removed: %s"
              .formatted(note, e.getMessage()),
          e);
    }
  }

  /** Settles the jobs in that state, however many: each leaves it, and a query tells of some. */
  private void each(JobState state, Consumer<Job> settle) {
    var jobs = context.queries().in(state);
    while (!jobs.isEmpty()) {
      jobs.forEach(job -> JobLog.about(job.id(), () -> settle.accept(job)));
      jobs = context.queries().in(state);
    }
  }
}
