package io.klingdrop.deliver;

import io.klingdrop.fault.CrashPoint;
import io.klingdrop.files.AtomicFiles;
import io.klingdrop.files.Fitting;
import io.klingdrop.files.Grounds;
import io.klingdrop.files.Hashes;
import io.klingdrop.files.Names;
import io.klingdrop.files.PlainNames;
import io.klingdrop.job.Job;
import io.klingdrop.job.ResultFile;
import io.klingdrop.ledger.ChosenNames;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.Receipts;
import io.klingdrop.ledger.Shipment;
import io.klingdrop.settings.Folders;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/**
 * The target {@code file}: chooses names in the outbox that nobody has, and confirms what Camel
 * wrote there. Thread-safe; two jobs never choose the same name.
 */
public final class Outbox {
  static final String TARGET = "file";

  private final Folders folders;
  private final Receipts receipts;
  private final Grounds grounds;
  private final JobQueries queries;
  private final InstantSource clock;
  private final Reserved reserved;

  /** Jobs whose own name the outbox has refused. */
  private final Set<String> plain = ConcurrentHashMap.newKeySet();

  /** For these folders; {@code names} is null where no other node writes to the outbox. */
  public Outbox(
      Folders folders,
      Receipts receipts,
      JobQueries queries,
      Grounds grounds,
      @Nullable ChosenNames names,
      InstantSource clock) {
    this.reserved = new Reserved(TARGET, names);
    this.grounds = grounds;
    this.folders = folders;
    this.receipts = receipts;
    this.queries = queries;
    this.clock = clock;
  }

  /**
   * The results of a job that the outbox does not hold yet; results that are there get receipts.
   */
  public List<Parcel> parcels(@Body Shipment shipment) throws IOException {
    return parcels(shipment.job());
  }

  List<Parcel> parcels(Job job) throws IOException {
    grounds.require(folders.outbox());
    var chosen = choose(job);
    var parcels = new ArrayList<Parcel>();
    for (var result : job.results()) {
      var target = target(chosen.stem(), result);
      var work = folders.work(job.id()).resolve("out").resolve(Integer.toString(result.number()));
      if (receipts.find(job.id(), TARGET, result.number()).isPresent()) {
        continue;
      }
      if (chosen.here().contains(target)) {
        receipts.keep(job.id(), TARGET, result.number(), target.toString());
        continue;
      }
      var parcel =
          new Parcel(
              job,
              result,
              work.toFile(),
              folders.outbox().relativize(target).toString().replace('\\', '/'),
              grounds.sharing().hidden(job.id() + "-" + result.number()));
      Files.deleteIfExists(hidden(parcel));
      parcels.add(parcel);
      CrashPoint.at("deliver.name-chosen");
    }
    return parcels;
  }

  /**
   * Checks that the outbox holds the parcel's bytes, makes them durable, gives the file its name
   * and keeps the receipt. A name that the outbox refuses is made plain. Routes of an earlier
   * version have given the file its name by themselves.
   */
  public void confirm(@Body Parcel parcel) throws IOException {
    CrashPoint.at("deliver.written");
    var hidden = hidden(parcel);
    var isHidden = Files.isRegularFile(hidden, LinkOption.NOFOLLOW_LINKS);
    var written = isHidden ? hidden : folders.outbox().resolve(parcel.fileName());
    if (!Hashes.sha256(written).equals(parcel.result().sha256())) {
      throw new IOException(written + " does not hold the bytes that were written");
    }
    AtomicFiles.sync(written);
    grounds.require(folders.outbox());
    CrashPoint.at("deliver.compared");
    var target = isHidden ? named(parcel, hidden) : written;
    AtomicFiles.syncFolder(parent(target));
    CrashPoint.at("deliver.named");
    receipts.keep(parcel.job().id(), TARGET, parcel.result().number(), target.toString());
    CrashPoint.at("deliver.receipt-kept");
  }

  private Path hidden(Parcel parcel) {
    return folders.outbox().resolve(parcel.hiddenName());
  }

  private Path named(Parcel parcel, Path hidden) throws IOException {
    var job = parcel.job();
    return named(
        job,
        () ->
            plain.contains(job.id())
                ? target(stem(job), parcel.result())
                : folders.outbox().resolve(parcel.fileName()),
        target -> grounds.sharing().place(hidden, target));
  }

  @FunctionalInterface
  private interface Place {
    Path now() throws IOException;
  }

  /** Does something at the place of a job's file, or at its plain one if the outbox refuses. */
  private Path named(Job job, Place place, Fitting.Act act) throws IOException {
    var target = place.now();
    try {
      act.to(target);
      return target;
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (FileSystemException e) {
      if (isPlain(job) || !plain.add(job.id())) {
        throw e;
      }
      return named(job, place, act);
    }
  }

  private boolean isPlain(Job job) {
    return stemName(job, false, 1).equals(stemName(job, true, 1));
  }

  /** Whether videos can be put there now: a share may not be mounted. */
  boolean isHere() {
    return grounds.fault(folders.outbox()).isEmpty();
  }

  /** All results are there: writes the note beside them. */
  public void note(@ExchangeProperty("shipment") Shipment shipment) throws IOException {
    grounds.require(folders.outbox());
    var job = shipment.job();
    var text = ResultNote.of(queries.history().facts(job), TARGET, receipts, clock.instant());
    named(job, () -> sidecar(job), note -> AtomicFiles.write(note, text));
    CrashPoint.at("deliver.note-written");
  }

  Path sidecar(Job job) throws IOException {
    return folders.outbox().resolve(stem(job) + ".json");
  }

  /** The job's names are all taken now; others may look at them again. */
  synchronized void release(Job job) {
    plain.remove(job.id());
    reserved.release(job);
  }

  private String stem(Job job) throws IOException {
    return choose(job).stem();
  }

  /**
   * Names that nobody else has. Each was looked at once: a file that appears later is not ours, and
   * giving its name to another is refused.
   *
   * @param stem the path below the outbox that this job's files share, without extension: {@code
   *     profile/sub/name} or, where that is taken by somebody else, {@code name~2} and so on
   * @param here the results that lie there already, written by an earlier try
   */
  private record Chosen(String stem, Set<Path> here) {}

  private synchronized Chosen choose(Job job) throws IOException {
    var folder = Fitting.folder(folders.outbox(), job.profile(), job.subPath());
    for (int n = 1; ; n++) {
      var name = stemName(job, plain.contains(job.id()), n);
      var stem = folders.outbox().relativize(folder.resolve(name)).toString().replace('\\', '/');
      var all = names(job, stem);
      if (reserved.mayTake(job, all)) {
        var here = ours(job, stem);
        if (here.isPresent() && reserved.take(job, all)) {
          // another node may have used it just before it was ours
          var now = reserved.withOthers() ? ours(job, stem) : here;
          if (now.isPresent()) {
            return new Chosen(stem, now.get());
          }
        }
      }
    }
  }

  /** All files of a job: the second film of one may have the name of another job's first. */
  private static List<String> names(Job job, String stem) {
    var folder = stem.substring(0, stem.lastIndexOf('/') + 1);
    var names = new ArrayList<>(List.of(stem + ".json"));
    job.results().forEach(result -> names.add(folder + fileName(stem, result)));
    return names;
  }

  /** The n-th name, leaving room for the longest tail that is put behind it. */
  private String stemName(Job job, boolean plain, int n) {
    var number = n == 1 ? "" : "~" + n;
    var name = Names.safe(job.name());
    var tail = number + "-" + job.results().size() + ".json";
    if (plain) {
      return PlainNames.of(name, tail.length()) + number;
    }
    var full = Names.fit(folders.outbox(), name, tail);
    return full.substring(0, full.length() - tail.length()) + number;
  }

  /** The results that the job has put there; empty if a name is somebody else's. */
  private Optional<Set<Path>> ours(Job job, String stem) throws IOException {
    var note = folders.outbox().resolve(stem + ".json");
    if (Files.exists(note, LinkOption.NOFOLLOW_LINKS) && !ResultNote.isOf(note, job.id())) {
      return Optional.empty();
    }
    var here = new HashSet<Path>();
    for (var result : job.results()) {
      var target = target(stem, result);
      if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
        if (!ours(job, result, target)) {
          return Optional.empty();
        }
        here.add(target);
      }
    }
    return Optional.of(here);
  }

  /** A file with our bytes that no other job has a receipt for was written before a crash. */
  private boolean ours(Job job, ResultFile result, Path target) throws IOException {
    return !receipts.taken(TARGET, target.toString(), job.id())
        && Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)
        && Files.size(target) == result.bytes()
        && Hashes.sha256(target).equals(result.sha256());
  }

  private Path target(String stem, ResultFile result) {
    return folders.outbox().resolve(stem).resolveSibling(fileName(stem, result));
  }

  private static String fileName(String stem, ResultFile result) {
    var name = stem.substring(stem.lastIndexOf('/') + 1);
    return name + (result.number() == 1 ? "" : "-" + result.number()) + result.extension();
  }

  private static Path parent(Path file) {
    var parent = file.getParent();
    return parent == null ? file : parent;
  }
}
