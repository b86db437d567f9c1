package io.klingdrop.http;

import io.klingdrop.provider.Tally.Counted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How many calls a second were made lately. Not thread-safe. */
final class RateUse {
  private static final Duration SPAN = Duration.ofMinutes(1);

  private final List<Look> looks = new ArrayList<>();

  private record Look(Instant at, Map<String, Long> calls) {}

  /** No calls were made before {@code started}. */
  RateUse(Instant started) {
    looks.add(new Look(started, Map.of()));
  }

  /** By account and call, over the last minute, or since the last look if that is longer ago. */
  Map<String, Double> perSecond(Map<Counted, Long> calls, Instant now) {
    var sums = new TreeMap<String, Long>();
    calls.forEach(
        (counted, count) -> sums.merge(counted.account() + " " + counted.call(), count, Long::sum));
    looks.add(new Look(now, sums));
    // the oldest look that is kept is the newest of those a minute old
    while (looks.size() > 2 && !looks.get(1).at().isAfter(now.minus(SPAN))) {
      looks.remove(0);
    }
    var then = looks.get(0);
    var millis = Math.max(1, Duration.between(then.at(), now).toMillis());
    var perSecond = new TreeMap<String, Double>();
    sums.forEach(
        (call, sum) ->
            perSecond.put(call, (sum - then.calls().getOrDefault(call, 0L)) * 1000.0 / millis));
    return perSecond;
  }
}
