package io.klingdrop.stage;

import io.klingdrop.files.AtomicFiles;
import io.klingdrop.files.Sharing;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.settings.Folders;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Clears work folders of jobs of which all is elsewhere. Where other nodes work too, a node that
 * was halted after it put a job away must not clear what the job has got since, such as the note of
 * a task: the folder goes aside first, then the ledger is asked, then it is removed or put back.
 * Thread-safe.
 */
public record WorkFolders(Folders folders, Sharing sharing, JobQueries queries) {
  private static final String ASIDE = ".gone";

  /** Whether nothing of a job is needed in its work folder any more. */
  public boolean isOver(Job job) {
    var failure = job.failure();
    var needed =
        !job.state().ended()
            || job.state() == JobState.SUBMIT_UNKNOWN
            || (failure != null && failure.failureClass() == FailureClass.DELIVERY);
    var home = job.home();
    return job.filed() && !needed && (home == null || !Path.of(home).startsWith(folders.work()));
  }

  /** Removes the work folder of a job that is over; nothing happens if it is gone. */
  public void clear(Job job) throws IOException {
    var work = folders.work(job.id());
    if (!sharing.withOthers()) {
      AtomicFiles.deleteTree(work);
      return;
    }
    var aside = folders.work("." + job.id() + "." + sharing.mark() + ASIDE);
    if (Files.exists(aside, LinkOption.NOFOLLOW_LINKS)) {
      settle(aside);
    }
    try {
      Files.move(work, aside, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      return;
    }
    settle(aside);
  }

  /** Whether a name in the work folder is that of a folder put aside, by this node or any. */
  public boolean isAside(String name, boolean byAny) {
    return name.matches("\\.kd[0-9a-z]{16}\\.[0-9a-f]{12}\\" + ASIDE)
        && (byAny || name.contains("." + sharing.mark() + "."));
  }

  /**
   * Removes what was put aside, or puts it back if its job lives again. Safe beside the node that
   * put it there: nobody writes to it under this name, and both judge by the same ledger.
   */
  public void settle(Path aside) throws IOException {
    var id = aside.getFileName().toString().substring(1, 19);
    if (queries.job(id).filter(this::isOver).isPresent()) {
      AtomicFiles.deleteTree(aside);
      return;
    }
    var work = folders.work(id);
    try {
      Files.move(aside, work, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      // the other was faster
    } catch (DirectoryNotEmptyException e) {
      merge(aside, work);
    } catch (IOException e) {
      if (!Files.exists(work)) {
        throw e;
      }
      merge(aside, work);
    }
  }

  /** What came since stays; what it lacks comes back. */
  private void merge(Path aside, Path work) throws IOException {
    try (var walk = Files.walk(aside)) {
      for (var file : walk.filter(Files::isRegularFile).toList()) {
        var target = work.resolve(aside.relativize(file).toString());
        if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
          Files.createDirectories(target.resolveSibling(""));
          sharing.place(file, target);
        }
      }
    }
    AtomicFiles.deleteTree(aside);
  }
}
