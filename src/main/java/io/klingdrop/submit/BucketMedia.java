package io.klingdrop.submit;

import io.klingdrop.fault.CrashPoint;
import io.klingdrop.job.Job;
import io.klingdrop.ledger.Uploads;
import io.klingdrop.provider.Media;
import io.klingdrop.provider.Uploaded;
import io.klingdrop.s3.BucketBreaker;
import io.klingdrop.s3.Store;
import io.klingdrop.s3.StoreException;
import io.klingdrop.s3.Stored;
import io.klingdrop.settings.Settings;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.Body;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Media in the bucket, where a provider reads them by a signed address: below {@code media/}, then
 * the job, then a word nobody can guess. They are removed once the task is over, or when the
 * address has run out. The address is a secret. Thread-safe.
 */
public final class BucketMedia {
  private static final Logger LOG = LoggerFactory.getLogger(BucketMedia.class);
  private static final SecureRandom RANDOM = new SecureRandom();

  /** A provider that began to read in time may go on that long. */
  private static final Duration GRACE = Duration.ofHours(1);

  /** Job and word: nothing else below {@code media/} is touched. */
  private static final Pattern OURS =
      Pattern.compile("([a-z0-9]{8,40})/([0-9a-f]{40})(\\.[a-z0-9]+)?");

  private final Store store;
  private final BucketBreaker breaker;
  private final Uploads uploads;
  private final Settings.Media settings;
  private final InstantSource clock;
  private Instant nextSweep = Instant.EPOCH;

  BucketMedia(
      Store store,
      BucketBreaker breaker,
      Uploads uploads,
      Settings.Media settings,
      InstantSource clock) {
    this.store = store;
    this.breaker = breaker;
    this.uploads = uploads;
    this.settings = settings;
    this.clock = clock;
  }

  private String top() {
    return store.settings().prefix() + "media/";
  }

  /**
   * Puts a file into the bucket and signs its address.
   *
   * @throws StoreException if the bucket refuses; free, may be repeated
   */
  Uploaded publish(Job job, Media media) {
    var word = new byte[20];
    RANDOM.nextBytes(word);
    var key = top() + job.id() + "/" + HexFormat.of().formatHex(word) + media.extension();
    breaker.enter();
    try {
      // the server compares the hash with what it got
      store.putNew(
          key,
          media.file(),
          media.mimeType(),
          Map.of("klingdrop-job", job.id(), Stored.SHA256, media.sha256()));
      CrashPoint.at("submit.media-put");
      var expires = clock.instant().plus(settings.ttl());
      var uploaded = new Uploaded(store.sign(key, settings.ttl()), expires);
      breaker.works();
      return uploaded;
    } catch (StoreException e) {
      breaker.troubled(e);
      throw e;
    }
  }

  /** What nobody reads any more, and is forgotten from now on; empty until it is time again. */
  public List<Stored> unread() {
    if (!store.settings().usable() || !isTime() || !(settings.byS3() || uploads.anySigned())) {
      return List.of();
    }
    try {
      return store.list(top()).stream().filter(this::isUnread).toList();
    } catch (StoreException e) {
      stays(e);
      return List.of();
    }
  }

  private boolean isUnread(Stored stored) {
    var name = OURS.matcher(stored.key().substring(top().length()));
    var runOut = stored.changed().plus(settings.ttl()).plus(GRACE).isBefore(clock.instant());
    return name.matches() && (runOut || uploads.forget(name.group(1), name.group(2)));
  }

  /** Removes one of them; what the bucket keeps is found again the next time. */
  public void remove(@Body Stored stored) {
    CrashPoint.at("submit.media-forgotten");
    try {
      store.remove(stored.key());
    } catch (StoreException e) {
      stays(e);
    }
  }

  private void stays(StoreException trouble) {
    breaker.troubled(trouble);
    LOG.debug("media stay in the bucket for now: {}", trouble.getMessage());
  }

  private synchronized boolean isTime() {
    if (clock.instant().isBefore(nextSweep)) {
      return false;
    }
    nextSweep = clock.instant().plus(settings.sweep());
    return true;
  }
}
