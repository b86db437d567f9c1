package io.klingdrop.deliver;

import io.klingdrop.fault.CrashPoint;
import io.klingdrop.files.Hashes;
import io.klingdrop.files.Moves;
import io.klingdrop.files.Names;
import io.klingdrop.job.Job;
import io.klingdrop.job.ResultFile;
import io.klingdrop.ledger.Books;
import io.klingdrop.ledger.Receipts;
import io.klingdrop.ledger.Shipment;
import io.klingdrop.settings.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;

/**
 * The target {@code file}: chooses names in the outbox that nobody has, and confirms what Camel
 * wrote there. Thread-safe; two jobs never choose the same name.
 */
public final class Outbox {
  static final String TARGET = "file";

  private final Folders folders;
  private final Receipts receipts;
  private final Books books;
  private final InstantSource clock;
  private final Map<String, String> reserved = new HashMap<>();

  /** The outbox of these folders. */
  public Outbox(Folders folders, Receipts receipts, Books books, InstantSource clock) {
    this.folders = folders;
    this.receipts = receipts;
    this.books = books;
    this.clock = clock;
  }

  /**
   * The results of a job that the outbox does not hold yet; results that are there get receipts.
   */
  public List<Parcel> parcels(@Body Shipment shipment) throws IOException {
    return parcels(shipment.job());
  }

  List<Parcel> parcels(Job job) throws IOException {
    var stem = stem(job);
    var parcels = new ArrayList<Parcel>();
    for (var result : job.results()) {
      var target = folders.outbox().resolve(stem).resolveSibling(fileName(stem, result));
      var work = folders.work(job.id()).resolve("out").resolve(Integer.toString(result.number()));
      if (receipts.find(job.id(), TARGET, result.number()).isPresent()) {
        continue;
      }
      if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
        receipts.keep(job.id(), TARGET, result.number(), target.toString());
        continue;
      }
      var parcel =
          new Parcel(
              job,
              result,
              work.toFile(),
              folders.outbox().relativize(target).toString().replace('\\', '/'));
      Files.deleteIfExists(target.resolveSibling(parcel.tempName()));
      parcels.add(parcel);
      CrashPoint.at("deliver.name-chosen");
    }
    return parcels;
  }

  /** Checks that the outbox holds the parcel's bytes and keeps the receipt. */
  public void confirm(@Body Parcel parcel) throws IOException {
    var target = folders.outbox().resolve(parcel.fileName());
    CrashPoint.at("deliver.written");
    if (!Hashes.sha256(target).equals(parcel.result().sha256())) {
      throw new IOException(target + " does not hold the bytes that were written");
    }
    Moves.syncFolder(parent(target));
    CrashPoint.at("deliver.compared");
    receipts.keep(parcel.job().id(), TARGET, parcel.result().number(), target.toString());
    CrashPoint.at("deliver.receipt-kept");
  }

  /** All results are there: writes the note beside them. */
  public void note(@ExchangeProperty("shipment") Shipment shipment) throws IOException {
    var job = shipment.job();
    var note = sidecar(job);
    Files.createDirectories(parent(note));
    Moves.write(
        note,
        ResultNote.of(
            job,
            ResultNote.names(job, TARGET, receipts),
            books.warnings(job.id()),
            clock.instant()));
    CrashPoint.at("deliver.note-written");
  }

  /** The note beside the results. */
  Path sidecar(Job job) throws IOException {
    return folders.outbox().resolve(stem(job) + ".json");
  }

  /** The job's names are all taken now; others may look at them again. */
  synchronized void release(Job job) {
    reserved.values().removeIf(id -> id.equals(job.id()));
  }

  /**
   * The path below the outbox that this job's files share, without extension: {@code
   * profile/sub/name} or, where that is taken by somebody else, {@code name~2} and so on.
   */
  private synchronized String stem(Job job) throws IOException {
    var folder = Names.safe(job.profile());
    if (!job.subPath().isEmpty()) {
      folder += "/" + Names.safePath(job.subPath());
    }
    for (int n = 1; ; n++) {
      var stem = folder + "/" + Names.fit(Names.safe(job.name()), n == 1 ? "" : "~" + n);
      stem = shortened(stem, folder, n, job);
      var names = names(job, stem);
      if (names.stream().allMatch(name -> job.id().equals(reserved.getOrDefault(name, job.id())))
          && free(job, stem)) {
        names.forEach(name -> reserved.put(name, job.id()));
        return stem;
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

  /** Leaves room for the longest tail that is put behind a stem. */
  private static String shortened(String stem, String folder, int n, Job job) {
    var tail = (n == 1 ? "" : "~" + n) + "-" + job.results().size() + ".json";
    var full = Names.fit(Names.safe(job.name()), tail);
    return full.length() == Names.safe(job.name()).length() + tail.length()
        ? stem
        : folder + "/" + full.substring(0, full.length() - tail.length()) + (n == 1 ? "" : "~" + n);
  }

  private boolean free(Job job, String stem) throws IOException {
    var note = folders.outbox().resolve(stem + ".json");
    if (Files.exists(note, LinkOption.NOFOLLOW_LINKS) && !ResultNote.isOf(note, job.id())) {
      return false;
    }
    for (var result : job.results()) {
      var target = folders.outbox().resolve(stem).resolveSibling(fileName(stem, result));
      if (Files.exists(target, LinkOption.NOFOLLOW_LINKS) && !ours(job, result, target)) {
        return false;
      }
    }
    return true;
  }

  /** A file with our bytes that no other job has a receipt for was written before a crash. */
  private boolean ours(Job job, ResultFile result, Path target) throws IOException {
    return !receipts.taken(TARGET, target.toString(), job.id())
        && Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)
        && Files.size(target) == result.bytes()
        && Hashes.sha256(target).equals(result.sha256());
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
