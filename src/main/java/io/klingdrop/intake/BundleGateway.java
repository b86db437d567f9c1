package io.klingdrop.intake;

import io.klingdrop.fault.CrashPoint;
import io.klingdrop.files.Grounds;
import io.klingdrop.files.Hashes;
import io.klingdrop.files.Sharing;
import io.klingdrop.job.BundleException;
import io.klingdrop.job.BundleException.Fault;
import io.klingdrop.job.Headers;
import io.klingdrop.job.JobId;
import io.klingdrop.job.Role;
import io.klingdrop.job.Text;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.Reservation;
import io.klingdrop.ledger.Reservations;
import io.klingdrop.settings.Folders;
import io.klingdrop.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.support.LRUCacheFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one way into the inbox for all that is no hand in a folder: whole bundles from routes and
 * from the port, and single files that the inbox pairs as if a person had dropped them. Nothing is
 * visible there before it is whole and on disk. Thread-safe.
 */
public final class BundleGateway {
  /** How long an Idempotency-Key, and an id that became no job, are remembered. */
  public static final Duration KEPT = Duration.ofDays(7);

  private static final Logger LOG = LoggerFactory.getLogger(BundleGateway.class);

  /** Longest key, as at other services that take such keys. */
  private static final int LONGEST_KEY = 255;

  private static final int REMEMBERED = 10_000;

  private final Folders folders;
  private final Settings settings;
  private final Function<String, Needs> needs;
  private final Reservations reservations;
  private final JobQueries queries;
  private final Grounds grounds;
  private final Reveals reveals;
  private final Takings takings;
  private final InstantSource clock;
  private final ReentrantLock turn = new ReentrantLock();
  private final SourceFiles sources;

  /** The gateway to the inbox of these settings; {@code needs} answers for a profile's name. */
  BundleGateway(
      Settings settings,
      Function<String, Needs> needs,
      Reservations reservations,
      JobQueries queries,
      Grounds grounds,
      InstantSource clock) {
    this.grounds = grounds;
    this.folders = settings.folders();
    this.settings = settings;
    this.needs = needs;
    this.reservations = reservations;
    this.queries = queries;
    this.reveals = new Reveals(reservations, grounds.sharing(), clock);
    this.takings = new Takings(folders, grounds.sharing());
    this.clock = clock;
    this.sources =
        new SourceFiles(settings, grounds, clock, turn, LRUCacheFactory.newLRUCache(REMEMBERED));
  }

  /** The extensions of the files a bundle may have, small and without the dot. */
  public Map<Role, Set<String>> kinds() {
    return InboxRules.kinds();
  }

  /**
   * Puts one bundle into the inbox. The body is a map of file names and contents (anything Camel
   * can read as a stream) or a folder, as a path, whose files are copied; the header {@code
   * KlingdropProfile} is the profile, {@code KlingdropName} what the result is to be called, {@code
   * KlingdropIdempotencyKey} the sender's for this very bundle. The body becomes the id that the
   * job will have.
   *
   * @throws BundleException if the files are not one bundle, or the key came with another content
   * @throws IOException if the inbox refuses; nothing is left there
   */
  public void submit(Exchange exchange) throws IOException {
    var message = exchange.getMessage();
    var key = message.getHeader(Headers.KEY, "", String.class);
    var profile = message.getHeader(Headers.PROFILE, "", String.class);
    var name = message.getHeader(Headers.NAME, "", String.class);
    var id = take(key, profile, name, BundleBody.of(exchange)).jobId();
    message.setBody(id);
    message.setHeader(Headers.JOB_ID, id);
  }

  /**
   * Puts one bundle into the inbox.
   *
   * @param key the sender's for this very call; the same key with the same content is answered as
   *     the first time and puts nothing there. Empty for none, 255 characters at most.
   * @param profile empty: the default one
   * @param name empty: that of the picture
   * @param files by the names the sender calls them
   * @throws BundleException if the files are not one bundle, or the key came with another content
   * @throws IOException if the inbox refuses; nothing is left there
   */
  public Reservation hand(String key, String profile, String name, Map<String, Path> files)
      throws IOException {
    var contents = new LinkedHashMap<String, Submission.Content>();
    files.forEach((file, path) -> contents.put(file, Submission.Content.of(path)));
    return take(key, profile, name, contents);
  }

  private Reservation take(
      String key, String wanted, String name, Map<String, Submission.Content> contents)
      throws IOException {
    if (key.length() > LONGEST_KEY) {
      throw new BundleException(
          Fault.KEY_TOO_LONG,
          "an Idempotency-Key has %d characters at most".formatted(LONGEST_KEY),
          "");
    }
    var profile = wanted.isBlank() ? settings.inbox().defaultProfile() : wanted;
    var submission = Submission.of(profile, name, contents);
    if (!needs.apply(submission.profile()).known()) {
      var said = Text.oneLine(profile, 100);
      throw new BundleException(Fault.NO_PROFILE, "there is no profile " + said, said);
    }
    grounds.require(folders.inbox());
    var folder = Files.createDirectories(folders.inbox().resolve(submission.profile()));
    var id = JobId.make(clock.instant());
    var files = new ArrayList<Landing>();
    try {
      for (var part : submission.files()) {
        try (var in = part.content().open()) {
          files.add(Landing.write(in, part(folder, id, files.size()), part.extension()));
        }
      }
      CrashPoint.at("intake.handed-in");
      turn.lock();
      try {
        forgetOld();
        return promise(key.isEmpty() ? null : Hashes.sha256(key), id, submission, folder, files);
      } finally {
        turn.unlock();
      }
    } finally {
      for (int n = 0; n <= files.size() && !isPromised(id); n++) {
        Files.deleteIfExists(part(folder, id, n));
      }
    }
  }

  private Path part(Path folder, String id, int n) {
    return Landing.part(folder, id, n, grounds.sharing());
  }

  /** Whether another node, or the next start, has hidden files still to give their names to. */
  private boolean isPromised(String id) {
    return grounds.sharing().withOthers()
        && reservations.of(id).filter(one -> !one.revealed()).isPresent();
  }

  private Reservation promise(
      @Nullable String key, String id, Submission submission, Path folder, List<Landing> files)
      throws IOException {
    var content = content(submission, files);
    var before = key == null ? Optional.<Reservation>empty() : reservations.byKey(key);
    if (before.isPresent()) {
      if (!before.get().content().equals(content)) {
        throw new BundleException(
            Fault.KEY_REUSED,
            "this Idempotency-Key came with another bundle before; use a new key for a new bundle",
            "");
      }
      if (settled(before.get())) {
        return before.get();
      }
    }
    PairingPreview.require(submission, folders.inbox(), needs.apply(submission.profile()), files);
    var promise =
        new Reservation(
            id,
            key,
            content,
            submission.profile(),
            submission.name(),
            clock.instant(),
            false,
            List.of());
    return reveals.reveal(folder, promise, files);
  }

  private static String content(Submission submission, List<Landing> files) {
    var text = new StringBuilder(submission.profile() + "/" + submission.name());
    files.forEach(file -> text.append('/').append(file.extension()).append(file.sha256()));
    return Hashes.sha256(text.toString());
  }

  /** Whether the files have their names, after an end in the middle has been finished. */
  private boolean settled(Reservation one) throws IOException {
    if (one.revealed()) {
      return true;
    }
    if (begun(one.jobId())) {
      reservations.revealed(one.jobId());
      return true;
    }
    if (grounds.sharing().withOthers() && !adopted(one)) {
      throw new IOException("this bundle is just being handed in at another node; ask again");
    }
    return reveals.finish(folders.inbox().resolve(one.profile()), one);
  }

  private boolean adopted(Reservation one) {
    return reservations.adopted(one.jobId(), grounds.sharing().nobodysBefore(clock.instant()));
  }

  private boolean begun(String jobId) {
    return takings.begun(jobId) || queries.job(jobId).isPresent();
  }

  /** The bundle that was promised that id, if it is remembered. */
  public Optional<Reservation> find(String jobId) {
    return reservations.of(jobId);
  }

  /** Whether the bundle is still to become a job: false if somebody took its files away. */
  public boolean waits(Reservation one) {
    // in this order: taking makes its folder first, then it moves the files
    var there = one.files().stream().anyMatch(file -> Files.exists(Path.of(file.path())));
    return there || begun(one.jobId());
  }

  /**
   * Finishes what a crash cut off, removes what it left, and forgets what is old. Called at the
   * start, after claims were finished and before anything is handed in.
   */
  public void recover() {
    if (grounds.sharing().withOthers()) {
      recover(true);
      return;
    }
    var whole = true;
    for (var cut : reservations.unrevealed()) {
      whole &= finished(cut);
      CrashPoint.at("start.reveal-finished");
    }
    if (whole) {
      sweepParts(part -> true);
    }
    forgetOld();
  }

  /**
   * Does the same for what other nodes left more than {@link Sharing#NOBODYS} ago; for the inbox's
   * scanner. Safe beside a node that wakes later: the ledger says whose a promise is, each node
   * hides files under names of its own, and whoever lost the promise neither hides nor removes any.
   */
  public void recoverFromOthers() {
    recover(false);
  }

  private void recover(boolean starting) {
    turn.lock();
    try {
      var old = grounds.sharing().nobodysBefore(clock.instant());
      var promised = new HashSet<String>();
      for (var cut : reservations.unrevealed()) {
        if (!adopted(cut) || !finished(cut)) {
          promised.add(cut.jobId());
        }
      }
      sweepParts(
          part -> {
            var said = Landing.Part.of(part.getFileName().toString()).orElseThrow();
            return !promised.contains(said.id())
                && ((starting && said.mark().equals(grounds.sharing().mark()))
                    || lastChange(part).isBefore(old));
          });
      forgetOld();
    } finally {
      turn.unlock();
    }
  }

  private static Instant lastChange(Path file) {
    try {
      return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant();
    } catch (IOException e) {
      return Instant.MAX;
    }
  }

  private boolean finished(Reservation cut) {
    try {
      if (!settled(cut)) {
        LOG.info("{}: its files are not in the inbox any more; nothing was sent", cut.jobId());
      }
      return true;
    } catch (IOException | RuntimeException e) {
      LOG.warn(
          "{}: a bundle that was being handed in cannot be finished ({}); it is tried again at the"
              + " next start, nothing was sent",
          cut.jobId(),
          e.toString());
      return false;
    }
  }

  /** What no reservation names was cut off before anything was promised. */
  private void sweepParts(Predicate<Path> nobodys) {
    if (!Files.isDirectory(folders.inbox())) {
      return;
    }
    try (var profiles =
        Files.newDirectoryStream(
            folders.inbox(), path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))) {
      for (var profile : profiles) {
        try (var parts =
            Files.newDirectoryStream(
                profile, file -> Landing.Part.of(file.getFileName().toString()).isPresent())) {
          for (var part : parts) {
            if (nobodys.test(part)) {
              Files.deleteIfExists(part);
            }
          }
        }
      }
    } catch (IOException e) {
      LOG.debug("half-written files stay in the inbox", e);
    }
  }

  /** Forgets ids and keys after {@link #KEPT}; one whose files still wait is kept for them. */
  private void forgetOld() {
    for (var old : reservations.before(clock.instant().minus(KEPT))) {
      if (queries.job(old.jobId()).isPresent() || !waits(old)) {
        reservations.forget(old.jobId());
      }
    }
  }

  /** Puts one file into the inbox, which pairs it; see {@link SourceFiles#receive}. */
  public void receive(Exchange exchange) throws IOException, InvalidPayloadException {
    sources.receive(exchange);
  }
}
