package io.klingdrop.intake;

import io.klingdrop.fault.CrashPoint;
import io.klingdrop.files.Hashes;
import io.klingdrop.files.Moves;
import io.klingdrop.job.BundleFile;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobId;
import io.klingdrop.job.JobLog;
import io.klingdrop.job.JobState;
import io.klingdrop.job.Text;
import io.klingdrop.ledger.Books;
import io.klingdrop.ledger.Ledger;
import io.klingdrop.settings.Folders;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.camel.Body;
import org.apache.camel.component.file.GenericFile;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes bundles: the files move by atomic rename into the job's work folder, are hashed there, and
 * enter the ledger in one transaction. A note in the work folder lets a claim that was cut off be
 * finished or undone at the next start.
 */
public final class Claims {
  private static final Logger LOG = LoggerFactory.getLogger(Claims.class);

  private final Inbox inbox;
  private final Folders folders;
  private final Function<String, Account> accounts;
  private final Ledger ledger;
  private final Books books;
  private final InstantSource clock;

  /** Provider and model behind a profile; both empty for an unknown profile. */
  record Account(String provider, String model) {}

  Claims(
      Inbox inbox,
      Folders folders,
      Function<String, Account> accounts,
      Ledger ledger,
      Books books,
      InstantSource clock) {
    this.inbox = inbox;
    this.folders = folders;
    this.accounts = accounts;
    this.ledger = ledger;
    this.books = books;
    this.clock = clock;
  }

  /**
   * Takes the bundle this file leads. A bundle that cannot be taken stays in the inbox.
   *
   * @return the job, or null if the bundle is gone or was put off
   */
  public @Nullable Job take(@Body GenericFile<File> lead) {
    var bundle = inbox.take(lead.getFile().toPath().toAbsolutePath().normalize()).orElse(null);
    if (bundle == null) {
      return null;
    }
    var id = id(bundle);
    var work = folders.work(id);
    try {
      Files.createDirectories(work.resolve("in"));
      CrashPoint.at("intake.work-folder-made");
      keepDefaults(bundle.defaults(), work);
      CrashPoint.at("intake.defaults-copied");
      var manifest = Manifest.of(id, bundle);
      manifest.write(work);
      CrashPoint.at("intake.manifest-written");
      gather(manifest, work);
      CrashPoint.at("intake.gathered");
      var job = enter(manifest, work);
      OldNotes.tidy(bundle.lead());
      CrashPoint.at("intake.old-notes-tidied");
      return job;
    } catch (IOException | RuntimeException e) {
      giveBack(work);
      inbox.putOff(bundle, e);
      return null;
    }
  }

  /** The id somebody was told for these files; else a new one. */
  private String id(Bundle bundle) {
    try {
      var asked = AskedId.of(bundle, books);
      if (asked.isPresent()) {
        return asked.get();
      }
    } catch (IOException e) {
      LOG.warn("the id for {} cannot be read: {}", bundle.name(), e.toString());
    }
    return JobId.make(clock.instant());
  }

  private void keepDefaults(List<Path> defaults, Path work) throws IOException {
    for (int i = 0; i < defaults.size(); i++) {
      var folder = work.resolve("defaults").resolve(Integer.toString(i));
      Files.createDirectories(folder);
      refuseLinks(defaults.get(i));
      Moves.copy(defaults.get(i), folder.resolve(defaults.get(i).getFileName()));
    }
  }

  /** Brings every file of the note into the work folder; does nothing for those already there. */
  private void gather(Manifest manifest, Path work) throws IOException {
    for (var entry : manifest.entries()) {
      var target = work.resolve("in").resolve(entry.name());
      if (entry.shared()) {
        if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
          refuseChanged(entry, entry.from());
          refuseLinks(entry.from());
          Moves.copy(entry.from(), target);
          CrashPoint.at("intake.shared-copied");
        }
      } else if (Files.exists(entry.from(), LinkOption.NOFOLLOW_LINKS)
          || !Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
        CrashPoint.at("intake.before-move");
        refuseChanged(entry, entry.from());
        refuseLinks(entry.from());
        Moves.move(entry.from(), target);
        CrashPoint.at("intake.moved");
        refuseLinks(entry.from());
      }
      var taken = attributes(target);
      if (!taken.isRegularFile() || taken.size() != entry.bytes()) {
        throw changed(entry);
      }
    }
  }

  /**
   * The file must still be what the inbox showed: somebody may write to it, or put another there.
   */
  private static void refuseChanged(Manifest.Entry entry, Path file) throws IOException {
    var now = attributes(file);
    if (!now.isRegularFile()
        || now.size() != entry.bytes()
        || now.lastModifiedTime().toMillis() != entry.modified()) {
      throw changed(entry);
    }
  }

  /**
   * The folders on the way must still be folders: over a link, a file of somebody else is taken.
   */
  private void refuseLinks(Path file) throws IOException {
    for (var folder = file.getParent();
        folder != null && folder.startsWith(folders.inbox()) && !folder.equals(folders.inbox());
        folder = folder.getParent()) {
      if (Files.isSymbolicLink(folder)) {
        throw new IOException(folder.getFileName() + " became a link while its files were taken");
      }
    }
  }

  private static BasicFileAttributes attributes(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  private static IOException changed(Manifest.Entry entry) {
    return new IOException(Text.oneLine(entry.name(), 200) + " changed while it was taken");
  }

  private Job enter(Manifest manifest, Path work) {
    var files = new ArrayList<BundleFile>();
    var refusal = manifest.refusal();
    for (var entry : manifest.entries()) {
      var hash = "";
      try {
        hash = Hashes.sha256(work.resolve("in").resolve(entry.name()));
      } catch (IOException e) {
        refusal =
            io.klingdrop.job.Failure.of(
                FailureClass.INVALID, entry.name() + " cannot be read: " + e.getMessage());
      }
      files.add(new BundleFile(entry.role(), entry.name(), hash, entry.bytes(), entry.shared()));
    }
    var shared =
        manifest.entries().stream()
            .filter(Manifest.Entry::shared)
            .map(entry -> entry.from().toString())
            .toList();
    var account = accounts.apply(manifest.profile());
    CrashPoint.at("intake.before-entry");
    var job =
        ledger.claimed(fresh(manifest, account, work.resolve("in"), files, clock), shared, refusal);
    CrashPoint.at("intake.entered");
    JobLog.about(
        job.id(),
        () ->
            LOG.info(
                "{}: taken from the inbox, {}",
                job.label(),
                files.size() == 1 ? "1 file" : files.size() + " files"));
    return job;
  }

  private static Job fresh(
      Manifest manifest, Account account, Path home, List<BundleFile> files, InstantSource clock) {
    var now = clock.instant();
    return new Job(
        manifest.id(),
        0,
        manifest.profile(),
        manifest.subPath(),
        manifest.name(),
        account.provider(),
        account.model(),
        JobState.CLAIMED,
        null,
        null,
        0,
        0,
        null,
        null,
        null,
        home.toString(),
        false,
        null,
        null,
        null,
        null,
        null,
        0,
        now,
        null,
        null,
        null,
        now,
        files,
        List.of());
  }

  /**
   * Finishes or undoes claims that were cut off: called at start, before the inbox is read. A work
   * folder the ledger does not know is entered if all its files can be gathered, else its files go
   * back to where they lay.
   */
  public void recover() throws IOException {
    if (!Files.isDirectory(folders.work())) {
      return;
    }
    try (var works = Files.list(folders.work())) {
      for (var work : works.sorted().toList()) {
        var id = work.getFileName().toString();
        var job = books.job(id).orElse(null);
        if (job == null) {
          JobLog.about(id, () -> recover(work));
        } else if (leftOver(job)) {
          JobLog.about(id, () -> clear(work));
        }
      }
    }
  }

  /** Whether all of the job is elsewhere, and only the clearing of its work folder was cut off. */
  private boolean leftOver(Job job) {
    var failure = job.failure();
    var needed =
        !job.state().ended()
            || job.state() == JobState.SUBMIT_UNKNOWN
            || (failure != null && failure.failureClass() == FailureClass.DELIVERY);
    var home = job.home();
    return job.filed() && !needed && (home == null || !Path.of(home).startsWith(folders.work()));
  }

  private static void clear(Path work) {
    try {
      Moves.deleteTree(work);
      CrashPoint.at("start.left-over-cleared");
    } catch (IOException e) {
      LOG.warn(
          "the work folder {} cannot be cleared ({}); it may be removed by hand",
          work,
          e.toString());
    }
  }

  private void recover(Path work) {
    try {
      if (!Files.exists(work.resolve(Manifest.FILE))) {
        Moves.deleteTree(work);
        return;
      }
      var manifest = Manifest.read(work);
      CrashPoint.at("start.claim-found");
      gather(manifest, work);
      var job = enter(manifest, work);
      CrashPoint.at("start.claim-finished");
      LOG.info("{}: the claim was cut off and is finished now; nothing was sent", job.label());
    } catch (IOException | RuntimeException e) {
      LOG.warn("the claim in {} cannot be finished ({}); its files go back", work, e.toString());
      giveBack(work);
    }
  }

  /** Undoes a claim that is not in the ledger. What cannot go back stays where it is, whole. */
  private static void giveBack(Path work) {
    try {
      if (Files.exists(work.resolve(Manifest.FILE))) {
        for (var entry : Manifest.read(work).entries()) {
          var taken = work.resolve("in").resolve(entry.name());
          if (!entry.shared() && Files.exists(taken, LinkOption.NOFOLLOW_LINKS)) {
            var folder = entry.from().getParent();
            if (folder != null) {
              Files.createDirectories(folder);
            }
            if (Files.isRegularFile(taken, LinkOption.NOFOLLOW_LINKS)) {
              Moves.move(taken, entry.from());
            } else {
              // no file of ours: put there in the moment between look and rename
              Files.move(taken, entry.from());
            }
            CrashPoint.at("start.given-back");
          }
        }
      }
      Moves.deleteTree(work);
    } catch (NoSuchFileException e) {
      LOG.warn("the work folder {} was emptied by somebody else", work);
    } catch (IOException | RuntimeException e) {
      LOG.error(
          "files in {} could not go back to the inbox: {}. They are whole; nothing was sent."
              + " Move them by hand or restart klingdrop.",
          work,
          e.toString());
    }
  }
}
