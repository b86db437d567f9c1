package io.klingdrop.http;

import io.klingdrop.provider.Signatures;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Secrets that were looked at lately. Only a keyed hash of each is kept, whose key dies with the
 * process, until it was not asked for during an hour, or newer ones need its place. Thread-safe.
 */
final class Remembered {
  private static final Duration LIFE = Duration.ofHours(1);

  private final int most;
  private final InstantSource clock;
  private final byte[] key = new byte[32];
  private final Map<String, Instant> seen = new LinkedHashMap<>(16, 0.75f, true);

  /** None yet; the newest {@code most} are kept. */
  Remembered(int most, InstantSource clock) {
    this.most = most;
    this.clock = clock;
    new SecureRandom().nextBytes(key);
  }

  /** Whether this very secret is remembered; it is then remembered for longer. */
  synchronized boolean knows(String secret) {
    var now = clock.instant();
    var hash = hash(secret);
    var last = seen.get(hash);
    if (last == null) {
      return false;
    }
    if (now.isAfter(last.plus(LIFE))) {
      seen.remove(hash);
      return false;
    }
    seen.put(hash, now);
    return true;
  }

  synchronized void add(String secret) {
    seen.put(hash(secret), clock.instant());
    if (seen.size() > most) {
      seen.remove(seen.keySet().iterator().next());
    }
  }

  private String hash(String secret) {
    return Signatures.of(key, secret.getBytes(StandardCharsets.UTF_8));
  }
}
