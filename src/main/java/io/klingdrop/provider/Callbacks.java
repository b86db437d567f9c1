package io.klingdrop.provider;

import io.klingdrop.job.Job;
import io.klingdrop.ledger.CallbackRows;
import io.klingdrop.ledger.CallbackRows.Address;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The addresses providers are asked to call back at, who has called, and whether calls can be
 * relied on. Addresses are looked up in memory: whoever guesses costs no database access.
 * Thread-safe.
 */
public final class Callbacks {
  /** How long an ended job's address still answers. */
  private static final Duration AFTERLIFE = Duration.ofDays(2);

  private final CallbackRows rows;
  private final String publicUrl;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Address> byHash = new ConcurrentHashMap<>();
  private final Map<String, Address> byJob = new ConcurrentHashMap<>();
  private final Map<String, Instant> heard = new ConcurrentHashMap<>();
  private final CallbackReliability trust;

  /** Callbacks to a public address, empty for none, with the addresses given out before. */
  public Callbacks(CallbackRows rows, String publicUrl, InstantSource clock) {
    this.rows = rows;
    this.publicUrl = publicUrl;
    this.clock = clock;
    this.trust = new CallbackReliability(clock, heard::containsKey);
    if (on()) {
      rows.alive(clock.instant().minus(AFTERLIFE)).forEach(this::remember);
    }
  }

  private void remember(Address address) {
    byHash.put(address.hash(), address);
    byJob.merge(address.jobId(), address, (one, two) -> one.attempt() > two.attempt() ? one : two);
  }

  /** Whether providers are asked to call back. */
  public boolean on() {
    return !publicUrl.isEmpty();
  }

  /**
   * A fresh address for the next createTask of a job, on disk before this returns; empty if
   * providers are not asked to call.
   */
  public Optional<String> address(Job job) {
    if (!on()) {
      return Optional.empty();
    }
    var bytes = new byte[32];
    random.nextBytes(bytes);
    var secret = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    var address =
        new Address(
            hash(secret), job.id(), job.provider(), job.attempts() + 1, clock.instant(), null);
    rows.keep(address);
    var before = byJob.put(job.id(), address);
    if (before != null && before.attempt() == address.attempt()) {
      byHash.remove(before.hash());
    }
    byHash.put(address.hash(), address);
    heard.remove(job.id());
    return Optional.of(publicUrl + "/callback/" + job.provider() + "/" + secret);
  }

  /** The address with that secret, if this provider was given it. */
  public Optional<Address> find(String provider, String secret) {
    return Optional.ofNullable(byHash.get(hash(secret)))
        .filter(address -> address.provider().equals(provider));
  }

  /** Whether a text is the address, however it was passed on. */
  public static boolean isAddress(Address address, String url) {
    return hash(url.substring(url.lastIndexOf('/') + 1)).equals(address.hash());
  }

  /** The provider called about the job; calls are not waited for in vain. */
  public void heard(Address address, boolean ended) {
    var latest = byJob.get(address.jobId());
    if (ended && latest != null && latest.hash().equals(address.hash())) {
      heard.put(address.jobId(), clock.instant());
      trust.heard(address.provider());
    }
  }

  /** Whether the end of the job's task was told at or after {@code since}. */
  public boolean toldSince(String jobId, Instant since) {
    var at = heard.get(jobId);
    return at != null && !at.isBefore(since);
  }

  /** Whether the end of the job's present task was told. */
  public boolean told(String jobId) {
    return heard.containsKey(jobId);
  }

  /** Whether the end of that job's task will be told, as far as can be known. */
  public boolean expected(Job job) {
    return on() && byJob.containsKey(job.id()) && trust.in(job.provider());
  }

  /** A look found the job's task ended; {@code ago} is since when, null if not known. */
  public void found(Job job, @Nullable Duration ago) {
    if (on() && byJob.containsKey(job.id()) && !told(job.id())) {
      trust.foundUntold(job.provider(), job.id(), ago);
    }
    if (byHash.size() > 1000) {
      var old = clock.instant().minus(AFTERLIFE);
      byJob.remove(job.id());
      byHash.values().removeIf(address -> address.madeAt().isBefore(old));
      heard.values().removeIf(at -> at.isBefore(old));
    }
  }

  /** Whether the public address was found to lead here. */
  public void leadsHere(boolean answer) {
    trust.leadsHere(answer);
  }

  /** Whom to tell that an account's calls do not come any more; an empty name is all of them. */
  public void onSilence(Consumer<String> listener) {
    trust.onSilence(listener);
  }

  private static String hash(String secret) {
    var digest = Signatures.sha256().digest(secret.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest);
  }
}
