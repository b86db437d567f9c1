package io.klingdrop.fetch;

import io.klingdrop.fault.CrashPoint;
import io.klingdrop.files.AtomicFiles;
import io.klingdrop.files.Hashes;
import io.klingdrop.files.Sharing;
import io.klingdrop.job.Backoff;
import io.klingdrop.job.Failure;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.job.ResultFile;
import io.klingdrop.ledger.Due;
import io.klingdrop.media.MediaException;
import io.klingdrop.media.MediaProbe;
import io.klingdrop.media.VideoFacts;
import io.klingdrop.provider.ProviderException;
import io.klingdrop.provider.TaskReport;
import io.klingdrop.stage.StageContext;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings all results of a finished task into the job's work folder. Every trouble is tried again in
 * this step alone; nothing here can lead to a second task. Thread-safe.
 */
public final class Fetches implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Fetches.class);

  /** Longer than the largest download takes. */
  private static final Duration LEASE = Duration.ofMinutes(60);

  private final StageContext context;
  private final Download download;

  /** The bean of {@code routes/fetch.camel.yaml}. */
  public Fetches(StageContext context) {
    var settings = context.settings();
    this.context = context;
    this.download = new Download(settings.result(), settings.proxy(), context.clock());
  }

  public List<Job> claimDue() {
    return context.claims().claimDue(Due.in(Set.of(JobState.GENERATED), 8), LEASE);
  }

  /**
   * Fetches what is not here yet.
   *
   * @return the job: FETCHED; GENERATED still, due again later; or FAILED as result
   */
  public Job fetch(Job job) throws IOException {
    CrashPoint.at("fetch.begun");
    try {
      return fetched(job.results().isEmpty() ? fresh(job) : job);
    } catch (FetchException | MediaException e) {
      return later(job, String.valueOf(e.getMessage()));
    }
  }

  private Job fetched(Job job) throws IOException, MediaException {
    try {
      return CrashPoint.after("fetch.fetched-committed", context.ledger().fetched(job, bring(job)));
    } catch (FetchException e) {
      if (!e.addressRefused()) {
        throw e;
      }
      LOG.info("{}: {}; asking for a fresh address", job.label(), e.getMessage());
      var renewed = renewed(job);
      return context.ledger().fetched(renewed, bring(renewed));
    }
  }

  private List<ResultFile> bring(Job job) throws IOException, MediaException {
    var folder = context.settings().folders().work(job.id()).resolve("out");
    Files.createDirectories(folder);
    var files = new ArrayList<ResultFile>();
    for (var result : job.results()) {
      files.add(bring(job, result, folder));
    }
    return files;
  }

  private ResultFile bring(Job job, ResultFile result, Path folder)
      throws IOException, MediaException {
    var whole = folder.resolve(Integer.toString(result.number()));
    if (!Files.exists(whole)) {
      var sharing = context.grounds().sharing();
      var part = folder.resolve(sharing.half(Integer.toString(result.number())));
      download.fetch(result.url(), part);
      CrashPoint.at("fetch.part-whole");
      try {
        MediaProbe.video(part);
      } catch (MediaException e) {
        Files.deleteIfExists(part);
        new PartNote(part).forget();
        throw e;
      }
      CrashPoint.at("fetch.part-probed");
      AtomicFiles.sync(part);
      CrashPoint.at("fetch.part-synced");
      name(part, whole, sharing);
      CrashPoint.at("fetch.renamed");
      AtomicFiles.syncFolder(folder);
    }
    var facts = MediaProbe.video(whole);
    compareLengths(job, facts);
    return CrashPoint.after(
        "fetch.hashed",
        new ResultFile(
            result.number(),
            result.url(),
            whole.getFileName().toString(),
            Hashes.sha256(whole),
            Files.size(whole),
            facts.extension().startsWith(".") ? facts.extension() : "." + facts.extension(),
            facts.length().map(Duration::toMillis).orElse(null)));
  }

  /** What another node fetched meanwhile stays: its hash may be in the ledger. */
  private static void name(Path part, Path whole, Sharing sharing) throws IOException {
    if (!sharing.withOthers()) {
      Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
      return;
    }
    try {
      sharing.place(part, whole);
    } catch (FileAlreadyExistsException e) {
      Files.delete(part);
    }
  }

  /** A paid video is delivered whatever its length; an odd one is told. */
  private static void compareLengths(Job job, VideoFacts facts) {
    var audio = job.cost().audioMillis();
    if (audio == null || facts.length().isEmpty()) {
      return;
    }
    var video = facts.length().get().toMillis();
    if (Math.abs(video - audio) > Math.max(2000, audio / 10)) {
      LOG.warn(
          "{}: the video is {} ms long, the recording {} ms; it is delivered all the same",
          job.label(),
          video,
          audio);
    }
  }

  /** The record read again; if it offers the same addresses, the provider is asked for others. */
  private Job renewed(Job job) throws FetchException {
    var before = job.results().stream().map(ResultFile::url).toList();
    var again = fresh(job);
    var urls = new ArrayList<>(again.results().stream().map(ResultFile::url).toList());
    if (!urls.equals(before)) {
      return again;
    }
    var gateway = context.providers().account(job.provider()).gateway();
    try {
      for (int i = 0; i < urls.size(); i++) {
        urls.set(i, gateway.downloadUrl(urls.get(i)));
      }
    } catch (ProviderException e) {
      throw new FetchException("the provider gives no fresh address: " + e.getMessage(), e);
    }
    return context.ledger().offered(again, urls);
  }

  private Job fresh(Job job) throws FetchException {
    var report =
        context.providers().account(job.provider()).gateway().recordInfo(job.model(), job.task());
    CrashPoint.at("fetch.fresh-answered");
    if (report instanceof TaskReport.Done done && !done.urls().isEmpty()) {
      return CrashPoint.after(
          "fetch.offered-committed", context.ledger().offered(job, done.urls()));
    }
    throw new FetchException(
        report instanceof TaskReport.Done
            ? "the provider says success but names no video"
            : "the record of the finished task brings no addresses now",
        false);
  }

  private Job later(Job job, String reason) {
    var now = context.clock().instant();
    var current = context.queries().job(job.id()).orElse(job);
    var since = current.progress().troubleSince();
    if (since != null && !now.isBefore(since.plus(context.settings().result().giveUp()))) {
      LOG.error("{}: given up fetching the paid result: {}", job.label(), reason);
      return context.ledger().failed(current, Failure.of(FailureClass.RESULT, reason));
    }
    LOG.warn("{}: the finished video is not here yet: {}. Tried again.", job.label(), reason);
    return CrashPoint.after(
        "fetch.later-committed",
        context
            .ledger()
            .tryAgain(current, reason, now.plus(Backoff.after(current.progress().tries()))));
  }

  @Override
  public void close() throws IOException {
    download.close();
  }
}
