package io.klingdrop.intake;

import io.klingdrop.fault.CrashPoint;
import io.klingdrop.files.AtomicFiles;
import io.klingdrop.job.Failure;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobId;
import io.klingdrop.job.JobLog;
import io.klingdrop.job.JobState;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.NewJobs;
import io.klingdrop.settings.Folders;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.camel.Body;
import org.apache.camel.component.file.GenericFile;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes bundles: the files move by atomic rename into the job's work folder, become copies of our
 * own there, and enter the ledger in one transaction. A note in the work folder lets a taking that
 * was cut off be finished or undone at the next start. Once the ledger has been told of a bundle,
 * nothing gives its files back: where it is not known whether the ledger took it, it is asked
 * again.
 */
public final class BundleTaker {
  private static final Logger LOG = LoggerFactory.getLogger(BundleTaker.class);

  private final Inbox inbox;
  private final Folders folders;
  private final Function<String, Job.Goal> goals;
  private final Porter porter;
  private final NewJobs jobs;
  private final JobQueries queries;
  private final InstantSource clock;

  /** Work folders of bundles of which the ledger gave no word. */
  private final Set<Path> unanswered = ConcurrentHashMap.newKeySet();

  BundleTaker(
      Inbox inbox,
      Folders folders,
      Function<String, Job.Goal> goals,
      Sizes sizes,
      NewJobs jobs,
      JobQueries queries,
      InstantSource clock,
      Consumer<String> between) {
    this.inbox = inbox;
    this.folders = folders;
    this.goals = goals;
    this.porter = new Porter(folders, sizes, between);
    this.jobs = jobs;
    this.queries = queries;
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
    Manifest manifest;
    Porter.Load load;
    try {
      Files.createDirectories(work.resolve("in"));
      CrashPoint.at("intake.work-folder-made");
      porter.keepDefaults(bundle.defaults(), work);
      CrashPoint.at("intake.defaults-copied");
      manifest = Manifest.of(id, bundle);
      manifest.write(work);
      CrashPoint.at("intake.manifest-written");
      porter.gather(manifest, work);
      CrashPoint.at("intake.gathered");
      load = porter.own(manifest, work);
    } catch (IOException | RuntimeException e) {
      giveBack(work);
      inbox.putOff(bundle, e);
      return null;
    }
    var job = enter(manifest, load, work);
    if (job != null) {
      OldNotes.tidy(folders.inbox(), InboxScan.above(bundle.lead()));
      CrashPoint.at("intake.old-notes-tidied");
    }
    return job;
  }

  /** The id somebody was told for these files; else a new one. */
  private String id(Bundle bundle) {
    try {
      var asked = AskedId.of(bundle, queries);
      if (asked.isPresent()) {
        return asked.get();
      }
    } catch (IOException e) {
      LOG.warn("the id for {} cannot be read: {}", bundle.name(), e.toString());
    }
    return JobId.make(clock.instant());
  }

  /**
   * Tells the ledger of a bundle whose files are in their work folder.
   *
   * @return null if the ledger did not answer; it is asked again by {@link #settle}
   */
  private @Nullable Job enter(Manifest manifest, Porter.Load load, Path work) {
    var shared =
        manifest.files().stream().filter(Manifest.Entry::shared).map(Manifest.Entry::from).toList();
    Job job;
    try {
      var goal = goals.apply(manifest.profile());
      CrashPoint.at("intake.before-entry");
      job =
          jobs.claimed(
              Job.claimed(
                  manifest.id(),
                  new Job.Origin(manifest.profile(), manifest.subPath(), manifest.name()),
                  goal,
                  work.resolve("in").toString(),
                  clock.instant(),
                  load.files()),
              shared,
              load.refusal());
    } catch (RuntimeException e) {
      unanswered.add(work);
      LOG.error(
          "{}: the ledger did not take it: {}. Its files wait in {}, whole; nothing was sent. It is"
              + " entered as soon as the ledger answers.",
          manifest.name(),
          e.toString(),
          work);
      return null;
    }
    unanswered.remove(work);
    CrashPoint.at("intake.entered");
    var count = load.files().size();
    var files = count == 1 ? "1 file" : count + " files";
    JobLog.about(job.id(), () -> LOG.info("{}: taken from the inbox, {}", job.label(), files));
    return job;
  }

  /** Asks the ledger again about bundles it gave no word of; does nothing if there are none. */
  void settle() {
    for (var work : List.copyOf(unanswered)) {
      var id = work.getFileName().toString();
      try {
        if (queries.job(id).isPresent() || !Files.exists(work)) {
          unanswered.remove(work);
        } else {
          JobLog.about(id, () -> recover(work));
        }
      } catch (RuntimeException e) {
        LOG.debug("{} still waits for the ledger: {}", work, e.toString());
      }
    }
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
        var job = queries.job(id).orElse(null);
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
      AtomicFiles.deleteTree(work);
      CrashPoint.at("start.left-over-cleared");
    } catch (IOException e) {
      LOG.warn(
          "the work folder {} cannot be cleared ({}); it may be removed by hand",
          work,
          e.toString());
    }
  }

  private void recover(Path work) {
    Manifest manifest;
    Porter.Load load;
    try {
      if (!Files.exists(work.resolve(Manifest.FILE))) {
        AtomicFiles.deleteTree(work);
        return;
      }
      manifest = Manifest.read(work);
      CrashPoint.at("start.claim-found");
      porter.gather(manifest, work);
      load = porter.own(manifest, work);
    } catch (IOException | RuntimeException e) {
      LOG.warn("the claim in {} cannot be finished ({}); its files go back", work, e.toString());
      unanswered.remove(work);
      giveBack(work);
      return;
    }
    var job = enter(manifest, load, work);
    CrashPoint.at("start.claim-finished");
    if (job != null) {
      LOG.info("{}: the claim was cut off and is finished now; nothing was sent", job.label());
    }
  }

  /** Undoes a taking that is not in the ledger. What cannot go back stays where it is, whole. */
  private void giveBack(Path work) {
    try {
      inbox.requireHere();
      if (Files.exists(work.resolve(Manifest.FILE))) {
        var manifest = Manifest.read(work);
        var stranded = porter.giveBack(manifest, work);
        if (!stranded.isEmpty()) {
          refuse(manifest, stranded, work);
          return;
        }
      }
      AtomicFiles.deleteTree(work);
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

  /** Files whose way back leads through a link become a failed job: a person finds them there. */
  private void refuse(Manifest manifest, List<Manifest.Entry> stranded, Path work)
      throws IOException {
    var files = new ArrayList<Manifest.Entry>();
    for (var entry : stranded) {
      var file = work.resolve("in").resolve(entry.name());
      if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        var modified = Files.getLastModifiedTime(file).toMillis();
        files.add(
            new Manifest.Entry(entry.role(), entry.from(), Files.size(file), modified, false));
      }
    }
    if (files.isEmpty()) {
      throw new IOException("only links and folders are left there");
    }
    var refused =
        manifest.refused(
            files,
            Failure.of(
                FailureClass.INVALID,
                "the folder it lay in became a link or went away while its files were taken, so"
                    + " they could not go back there; drop them into a real folder"));
    enter(refused, porter.own(refused, work), work);
  }
}
