package io.klingdrop.intake;

import io.klingdrop.fault.CrashPoint;
import io.klingdrop.files.Sharing;
import io.klingdrop.job.Failure;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobId;
import io.klingdrop.job.JobLog;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.NewJobs;
import io.klingdrop.settings.Folders;
import io.klingdrop.stage.WorkFolders;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
  private final Sharing sharing;
  private final Takings takings;
  private final WorkFolders cleared;
  private final NewJobs jobs;
  private final JobQueries queries;
  private final InstantSource clock;

  /** Work folders of bundles of which the ledger gave no word. */
  private final Set<Path> unanswered = ConcurrentHashMap.newKeySet();

  BundleTaker(
      Inbox inbox,
      Folders folders,
      Sharing sharing,
      Function<String, Job.Goal> goals,
      Sizes sizes,
      NewJobs jobs,
      JobQueries queries,
      InstantSource clock,
      Consumer<String> between) {
    this.inbox = inbox;
    this.folders = folders;
    this.sharing = sharing;
    this.takings = new Takings(folders, sharing);
    this.cleared = new WorkFolders(folders, sharing, queries);
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
    var taking = takings.begin(id);
    Path work;
    Manifest manifest;
    Porter.Load load;
    try {
      Files.createDirectories(taking.resolve("in"));
      CrashPoint.at("intake.work-folder-made");
      porter.keepDefaults(bundle.defaults(), taking);
      CrashPoint.at("intake.defaults-copied");
      manifest = Manifest.of(id, bundle, sharing.mark());
      manifest.write(taking);
      CrashPoint.at("intake.manifest-written");
      porter.gather(manifest, taking);
      CrashPoint.at("intake.gathered");
      load = porter.own(manifest, taking);
      work = takings.seal(taking);
    } catch (IOException | RuntimeException e) {
      giveBack(taking);
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
      var entered = sharing.withOthers() ? known(manifest.id()) : Optional.<Job>empty();
      if (entered.isPresent()) {
        // by another node, which found it whole
        unanswered.remove(work);
        return entered.get();
      }
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

  private Optional<Job> known(String id) {
    try {
      return queries.job(id);
    } catch (RuntimeException e) {
      LOG.debug("the ledger says nothing of {}: {}", id, e.toString());
      return Optional.empty();
    }
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
   * back to where they lay. Where there are other nodes, only what this one began is touched: it is
   * the only one alive of its name.
   */
  public void recover() throws IOException {
    for (var taking : takings.left(false)) {
      JobLog.about(takings.job(taking), () -> recover(taking));
    }
    recoverWork(false);
  }

  /**
   * Does the same for what other nodes began; for the node that has just become the inbox's
   * scanner. Safe beside one that wakes later: what it gathers is renamed first, so it can neither
   * enter nor give back anything; what it had sealed is whole, and the ledger takes a job's id only
   * once.
   */
  public void recoverFromOthers() throws IOException {
    for (var theirs : takings.left(true)) {
      try {
        var taking = takings.adopt(theirs);
        JobLog.about(takings.job(taking), () -> recover(taking));
      } catch (IOException e) {
        LOG.debug("{} is not taken over: {}", theirs, e.toString());
      }
    }
    recoverWork(true);
  }

  private void recoverWork(boolean fromOthers) throws IOException {
    if (!Files.isDirectory(folders.work())) {
      return;
    }
    try (var works = Files.list(folders.work())) {
      for (var work : works.sorted().toList()) {
        var id = work.getFileName().toString();
        if (cleared.isAside(id, fromOthers)) {
          settle(work);
        }
        if (!JobId.is(id)) {
          continue;
        }
        var job = queries.job(id).orElse(null);
        if (job == null && isToEnter(work, fromOthers)) {
          JobLog.about(id, () -> recover(work));
        } else if (job != null && cleared.isOver(job)) {
          JobLog.about(id, () -> clear(job, work));
        }
      }
    }
  }

  /** Among nodes each enters what it sealed itself, and the scanner what the others did. */
  private boolean isToEnter(Path work, boolean fromOthers) {
    if (!sharing.withOthers()) {
      return true;
    }
    try {
      var node = Manifest.read(work).node();
      return fromOthers
          ? node != null && !node.equals(sharing.mark())
          : node == null || node.equals(sharing.mark());
    } catch (IOException e) {
      LOG.debug("{} is left alone: {}", work, e.toString());
      return false;
    }
  }

  private static boolean isFromNode(Path taking) {
    try {
      return Manifest.read(taking).node() != null;
    } catch (IOException e) {
      LOG.debug("the note in {} is not readable: {}", taking, e.toString());
      return false;
    }
  }

  private void settle(Path aside) {
    try {
      cleared.settle(aside);
    } catch (IOException | RuntimeException e) {
      LOG.debug("{} stays for now: {}", aside, e.toString());
    }
  }

  private void clear(Job job, Path work) {
    try {
      cleared.clear(job);
      CrashPoint.at("start.left-over-cleared");
    } catch (IOException e) {
      LOG.warn(
          "the work folder {} cannot be cleared ({}); it may be removed by hand",
          work,
          e.toString());
    }
  }

  private void recover(Path taking) {
    Manifest manifest;
    Porter.Load load;
    Path work;
    try {
      if (!Files.exists(taking.resolve(Manifest.FILE))) {
        takings.remove(taking, List.of());
        return;
      }
      manifest = Manifest.read(taking);
      CrashPoint.at("start.claim-found");
      porter.gather(manifest, taking);
      load = porter.own(manifest, taking);
      work = takings.seal(taking);
    } catch (IOException | RuntimeException e) {
      unanswered.remove(taking);
      if (takings.isSealed(taking) && isFromNode(taking)) {
        // whoever sealed it may enter it still
        LOG.error(
            "the bundle in {} cannot be entered ({}). Its files are whole, nothing was sent; it is"
                + " tried again at the next start.",
            taking,
            e.toString());
        return;
      }
      LOG.warn("the claim in {} cannot be finished ({}); its files go back", taking, e.toString());
      giveBack(taking);
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
      var files = List.<Manifest.Entry>of();
      if (Files.exists(work.resolve(Manifest.FILE))) {
        var manifest = Manifest.read(work);
        var stranded = porter.giveBack(manifest, work);
        if (!stranded.isEmpty()) {
          refuse(manifest, stranded, work);
          return;
        }
        files = manifest.files();
      }
      takings.remove(work, files);
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
    var load = porter.own(refused, work);
    enter(refused, load, takings.seal(work));
  }
}
