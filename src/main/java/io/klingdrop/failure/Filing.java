package io.klingdrop.failure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.document.JobDocument;
import io.klingdrop.document.Reason;
import io.klingdrop.fault.CrashPoint;
import io.klingdrop.files.AtomicFiles;
import io.klingdrop.files.Fitting;
import io.klingdrop.files.Grounds;
import io.klingdrop.files.Names;
import io.klingdrop.files.PlainNames;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.ledger.JobClaims;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.Ledger;
import io.klingdrop.settings.Folders;
import io.klingdrop.stage.StageContext;
import io.klingdrop.stage.WorkFolders;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the files of jobs that did not become a video to where a person finds them, each set in a
 * folder of its own, with the reason. The folder appears with its note, so that a filing that was
 * cut off finds its folder again. Thread-safe.
 */
public record Filing(
    Ledger ledger,
    JobClaims claims,
    JobQueries queries,
    Folders folders,
    Grounds grounds,
    InstantSource clock) {
  private static final Logger LOG = LoggerFactory.getLogger(Filing.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The bean of {@code routes/failure.camel.yaml}. */
  public static Filing of(StageContext context) {
    return new Filing(
        context.ledger(),
        context.claims(),
        context.queries(),
        context.settings().folders(),
        context.grounds(),
        context.clock());
  }

  /**
   * Ended jobs whose files still wait to be put away, as after a crash; none whose tree is not
   * there, as a share that is not mounted.
   */
  public List<Job> claimUnfiled() {
    var states = EnumSet.noneOf(JobState.class);
    if (grounds.fault(folders.failed()).isEmpty()) {
      states.addAll(Set.of(JobState.FAILED, JobState.SUBMIT_UNKNOWN, JobState.CANCELLED));
    }
    if (grounds.fault(folders.duplicates()).isEmpty()) {
      states.add(JobState.DUPLICATE);
    }
    if (states.isEmpty()) {
      return List.of();
    }
    return claims.claimUnfiled(states, 16, Duration.ofMinutes(5));
  }

  /** Puts the files of a failed job, with the reason, into the folder of its class. */
  public Job keepFailed(Job job) throws IOException {
    var facts = queries.history().facts(job);
    var reason =
        Reason.of(job)
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "job " + job.id() + " has no reason in " + job.state()));
    LOG.warn("{}: {}: {}", job.label(), reason.channel(), reason.message());
    var folder =
        folder(
            folders.failed().resolve(reason.channel()),
            folders.failed(),
            job,
            "error.json",
            FailureNote.json(facts, clock.instant()));
    var came = folders.work(job.id()).resolve("out");
    var kept = reason.channel().equals(FailureClass.RESULT.channel()) && holdsAny(came);
    AtomicFiles.write(
        folder.resolve("error.txt"), FailureNote.text(facts, reason, kept ? came : null));
    CrashPoint.at("failure.text-written");
    return file(job, folder, kept || reason.channel().equals(FailureClass.DELIVERY.channel()));
  }

  /** Whether any of the paid results came, or a part of one that may be continued. */
  private static boolean holdsAny(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (var files = Files.list(folder)) {
      return files.findAny().isPresent();
    }
  }

  /** Puts the files of a duplicate away, with a pointer to the first result. */
  public Job keepDuplicate(Job job) throws IOException {
    var first = queries.job(String.valueOf(job.content().duplicateOf())).orElse(job);
    LOG.info(
        "{}: a duplicate of job {}; nothing was sent, nothing is charged", job.label(), first.id());
    var folder =
        folder(
            folders.duplicates(),
            folders.duplicates(),
            job,
            "duplicate.json",
            JobDocument.of(queries.history().facts(job))
                .files()
                .first(queries.history().facts(first))
                .at(clock.instant())
                .note());
    CrashPoint.at("failure.duplicate-noted");
    return file(job, folder, false);
  }

  private Job file(Job job, Path folder, boolean keepWork) throws IOException {
    var home = job.home() == null ? null : Path.of(job.home());
    if (home != null && !onePlace(home, folder)) {
      var inWork = home.startsWith(folders.work());
      for (var file : job.files()) {
        var source = PlainNames.find(home, file.name());
        if (Files.exists(source, LinkOption.NOFOLLOW_LINKS)) {
          CrashPoint.at("failure.before-move");
          Fitting.first(
              folder,
              PlainNames.besideNotes(file.name()),
              target -> AtomicFiles.move(source, target));
          CrashPoint.at("failure.moved");
        }
      }
      if (!inWork) {
        AtomicFiles.clearNotes(home);
        CrashPoint.at("failure.home-cleared");
      }
    }
    var filed = ledger.filed(job, folder.toString());
    CrashPoint.at("failure.filed-committed");
    if (!keepWork && filed.state() != JobState.SUBMIT_UNKNOWN) {
      new WorkFolders(folders, grounds.sharing(), queries).clear(filed);
      CrashPoint.at("failure.work-cleared");
    }
    return filed;
  }

  /** Whether two paths lead to one folder, as when a tree became a link. */
  private static boolean onePlace(Path home, Path folder) throws IOException {
    return home.equals(folder) || (Files.exists(home) && Files.isSameFile(home, folder));
  }

  /**
   * A folder for this job alone, with its note: the one it had begun to fill, or a new one. A new
   * one gets its name together with its note, so that none is ever without an owner.
   */
  private Path folder(Path top, Path tree, Job job, String noteName, String note)
      throws IOException {
    grounds.require(tree);
    var parent = Fitting.folder(top, job.profile(), job.subPath());
    FileSystemException refusal = null;
    for (int n = 1; ; n++) {
      var names = PlainNames.tries(Names.safe(job.name()));
      for (var name : names) {
        var folder = parent.resolve(numbered(parent, name, n, names.get(0)));
        if (isOf(folder.resolve(noteName), job.id())) {
          AtomicFiles.write(folder.resolve(noteName), note);
          return folder;
        }
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
          break;
        }
        var begun = Files.createDirectories(parent.resolve(grounds.sharing().hidden(job.id())));
        CrashPoint.at("failure.folder-begun");
        AtomicFiles.write(begun.resolve(noteName), note);
        CrashPoint.at("failure.note-written");
        try {
          if (!named(begun, folder)) {
            if (isOf(folder.resolve(noteName), job.id())) {
              // another node put this very job away
              AtomicFiles.deleteTree(begun);
              return folder;
            }
            break;
          }
          AtomicFiles.syncFolder(parent);
          CrashPoint.at("failure.folder-named");
          return folder;
        } catch (FileSystemException e) {
          if (name.equals(names.get(names.size() - 1))) {
            throw refusal == null ? e : refusal;
          }
          refusal = e;
        }
      }
    }
  }

  private static boolean isOf(Path note, String jobId) throws IOException {
    try {
      return Files.isRegularFile(note)
          && jobId.equals(JSON.readTree(Files.readAllBytes(note)).path("job").asText());
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  /** The n-th name: of full length as it is, and short enough for every place where it is plain. */
  private static String numbered(Path parent, String name, int n, String asItWas) {
    var number = n == 1 ? "" : "~" + n;
    return name.equals(asItWas) ? Names.fit(parent, name, number) : PlainNames.of(name, 8) + number;
  }

  /** Gives a folder its name; false if somebody else was faster. */
  private static boolean named(Path begun, Path folder) throws IOException {
    try {
      Files.move(begun, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
        return false;
      }
      throw e;
    }
    return true;
  }
}
