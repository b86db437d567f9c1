package io.klingdrop.http;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How long an address has to wait before its next password is looked at: not at all for the first
 * wrong ones, then twice as long each time. Addresses that guess from within one IPv6 network are
 * one. Thread-safe; of a bounded size.
 */
final class Penalties {
  private static final int FREE = 5;
  private static final int MOST = 4096;
  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final Duration MEMORY = Duration.ofMinutes(10);

  private final InstantSource clock;
  private final Map<String, Known> all = new LinkedHashMap<>();

  /** What an address has tried and not been forgiven for. */
  private record Known(int tries, Instant until) {}

  Penalties(InstantSource clock) {
    this.clock = clock;
  }

  /** Zero if a password may be tried, a wrong one until it is forgiven; else how long to wait. */
  synchronized Duration tries(String address) {
    var now = clock.instant();
    var whose = network(address);
    var before = all.get(whose);
    if (before != null && now.isBefore(before.until)) {
      return Duration.between(now, before.until);
    }
    var earlier = before != null && now.isBefore(before.until.plus(MEMORY)) ? before.tries : 0;
    var tries = earlier + 1;
    // the newest stand at the end
    all.remove(whose);
    all.put(whose, new Known(tries, now.plus(wait(tries))));
    if (all.size() > MOST) {
      all.remove(all.keySet().iterator().next());
    }
    return Duration.ZERO;
  }

  /** Somebody at that address knew the password. */
  synchronized void forgive(String address) {
    all.remove(network(address));
  }

  private static Duration wait(int tries) {
    if (tries < FREE) {
      return Duration.ZERO;
    }
    var seconds = 1L << Math.min(tries - FREE, 10);
    return seconds < LONGEST.toSeconds() ? Duration.ofSeconds(seconds) : LONGEST;
  }

  /** The first 64 bits of an IPv6 address: one customer has all that begin with them. */
  private static String network(String address) {
    var groups = address.split(":", -1);
    return groups.length < 5 ? address : String.join(":", java.util.List.of(groups).subList(0, 4));
  }
}
