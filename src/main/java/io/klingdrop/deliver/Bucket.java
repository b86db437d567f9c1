package io.klingdrop.deliver;

import io.klingdrop.fault.CrashPoint;
import io.klingdrop.job.BundleFile;
import io.klingdrop.job.Job;
import io.klingdrop.job.ResultFile;
import io.klingdrop.job.Role;
import io.klingdrop.ledger.ChosenNames;
import io.klingdrop.ledger.Shipment;
import io.klingdrop.s3.Store;
import io.klingdrop.s3.Stored;
import io.klingdrop.stage.StageContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/**
 * The target {@code s3}: chooses keys that nobody has, and confirms what Camel put there. Whose an
 * object is, its metadata say; so an object put before a crash is known again. Thread-safe; two
 * jobs never choose the same key.
 */
public final class Bucket {
  static final String TARGET = "s3";

  private static final String JOB = "klingdrop-job";

  private final Store store;
  private final StageContext context;
  private final ObjectNames names;
  private final Reserved reserved;

  /** For this bucket; {@code chosen} is null where no other node puts objects there. */
  Bucket(Store store, StageContext context, @Nullable ChosenNames chosen) {
    this.reserved = new Reserved(TARGET, chosen);
    this.store = store;
    this.context = context;
    this.names = new ObjectNames(store.settings());
  }

  /** The results the bucket does not hold yet; results that are there get receipts. */
  public List<ObjectParcel> parcels(@Body Shipment shipment) {
    var job = shipment.job();
    var chosen = choose(job);
    var parcels = new ArrayList<ObjectParcel>();
    for (var result : job.results()) {
      var key = ObjectNames.key(chosen.stem(), result);
      if (context.receipts().find(job.id(), TARGET, result.number()).isPresent()) {
        continue;
      }
      if (chosen.here().contains(key)) {
        context.receipts().keep(job.id(), TARGET, result.number(), location(key));
        continue;
      }
      var work =
          context
              .settings()
              .folders()
              .work(job.id())
              .resolve("out")
              .resolve(Integer.toString(result.number()));
      parcels.add(new ObjectParcel(job, result, work.toFile(), key, metadata(job, result)));
      CrashPoint.at("deliver.s3-key-chosen");
    }
    return parcels;
  }

  /** Checks that the bucket holds the parcel's bytes and keeps the receipt. */
  public void confirm(@Body ObjectParcel parcel) throws IOException {
    CrashPoint.at("deliver.s3-put");
    var stored = store.find(parcel.key());
    if (stored.isEmpty() || !holds(stored.get(), parcel.job(), parcel.result())) {
      throw new IOException(location(parcel.key()) + " does not hold the bytes that were put");
    }
    CrashPoint.at("deliver.s3-confirmed");
    context
        .receipts()
        .keep(parcel.job().id(), TARGET, parcel.result().number(), location(parcel.key()));
    CrashPoint.at("deliver.s3-receipt-kept");
  }

  /** All results are there: puts the note beside them, unless an earlier try did. */
  public void note(@ExchangeProperty("shipment") Shipment shipment) {
    var job = shipment.job();
    var chosen = choose(job);
    var key = ObjectNames.note(chosen.stem());
    if (!chosen.here().contains(key)) {
      var note =
          ResultNote.of(
              context.queries().history().facts(job),
              TARGET,
              context.receipts(),
              context.clock().instant());
      store.put(key, note, "application/json", Map.of(JOB, job.id()));
    }
    CrashPoint.at("deliver.s3-note-put");
  }

  /** The job's keys are all taken now; others may look at them again. */
  synchronized void release(Job job) {
    reserved.release(job);
  }

  /**
   * Keys that nobody else has. Each was asked for once: an object that appears later is not ours,
   * and putting another there is refused.
   *
   * @param here those that the bucket holds already, put by an earlier try
   */
  private record Chosen(String stem, Set<String> here) {}

  /** Asks the bucket while nobody else chooses: a job begins with one question for each key. */
  private synchronized Chosen choose(Job job) {
    for (int n = 1; ; n++) {
      var stem = names.stem(job, n);
      var keys = ObjectNames.all(job, stem);
      if (reserved.mayTake(job, keys)) {
        var here = ours(job, stem);
        if (here.isPresent() && reserved.take(job, keys)) {
          return new Chosen(stem, here.get());
        }
      }
    }
  }

  /** The keys that hold what the job has put there; empty if one of them is somebody else's. */
  private Optional<Set<String>> ours(Job job, String stem) {
    var here = new HashSet<String>();
    var note = store.find(ObjectNames.note(stem));
    if (note.isPresent() && !job.id().equals(note.get().metadata().get(JOB))) {
      return Optional.empty();
    }
    note.ifPresent(stored -> here.add(stored.key()));
    for (var result : job.results()) {
      var stored = store.find(ObjectNames.key(stem, result));
      if (stored.isPresent() && !holds(stored.get(), job, result)) {
        return Optional.empty();
      }
      stored.ifPresent(it -> here.add(it.key()));
    }
    return Optional.of(here);
  }

  private static boolean holds(Stored stored, Job job, ResultFile result) {
    return stored.bytes() == result.bytes()
        && job.id().equals(stored.metadata().get(JOB))
        && String.valueOf(result.sha256()).equals(stored.metadata().get(Stored.SHA256));
  }

  private static Map<String, String> metadata(Job job, ResultFile result) {
    var metadata = new HashMap<String, String>();
    metadata.put(JOB, job.id());
    metadata.put("klingdrop-provider", job.provider());
    metadata.put("klingdrop-model", job.model());
    metadata.put("klingdrop-task", String.valueOf(job.taskId()));
    metadata.put("klingdrop-number", Integer.toString(result.number()));
    metadata.put(Stored.SHA256, String.valueOf(result.sha256()));
    source(job, Role.IMAGE).ifPresent(hash -> metadata.put("klingdrop-image-sha256", hash));
    source(job, Role.AUDIO).ifPresent(hash -> metadata.put("klingdrop-audio-sha256", hash));
    metadata.replaceAll((name, value) -> value.replaceAll("[^ -~]", "_"));
    return metadata;
  }

  private static Optional<String> source(Job job, Role role) {
    return job.files().stream()
        .filter(file -> file.role() == role)
        .map(BundleFile::sha256)
        .findFirst();
  }

  private String location(String key) {
    return "s3://" + store.settings().bucket() + "/" + key;
  }
}
