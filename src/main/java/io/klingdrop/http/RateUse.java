package io.klingdrop.http;

import io.klingdrop.provider.Tally.Counted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.TreeMap;

/** How many calls a second were made lately. Not thread-safe. */
final class RateUse {
  private static final Duration SPAN = Duration.ofMinutes(1);

  private final ArrayDeque<Look> looks = new ArrayDeque<>();

  private record Look(Instant at, Map<String, Long> calls) {}

  /** No calls were made before {@code started}. */
  RateUse(Instant started) {
    looks.add(new Look(started, Map.of()));
  }

  /**
   * Calls a second in the last minute, or since the last look if that is longer ago. The keys are
   * account and call with a blank between.
   */
  Map<String, Double> perSecond(Map<Counted, Long> calls, Instant now) {
    var sums = new TreeMap<String, Long>();
    calls.forEach(
        (counted, count) -> sums.merge(counted.account() + " " + counted.call(), count, Long::sum));
    looks.addLast(new Look(now, sums));
    // the oldest look that is kept is the newest of those a minute old
    while (looks.size() > 2 && !secondOldest().at().isAfter(now.minus(SPAN))) {
      looks.removeFirst();
    }
    var then = looks.element();
    var millis = Math.max(1, Duration.between(then.at(), now).toMillis());
    var perSecond = new TreeMap<String, Double>();
    sums.forEach(
        (call, sum) ->
            perSecond.put(call, (sum - then.calls().getOrDefault(call, 0L)) * 1000.0 / millis));
    return perSecond;
  }

  private Look secondOldest() {
    var all = looks.iterator();
    all.next();
    return all.next();
  }
}
