package io.klingdrop.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/** Every call that reached the double, whatever became of it. Safe for use by many threads. */
final class CallLog {

  private record Entry(
      Endpoint endpoint,
      String path,
      Optional<String> taskId,
      Instant at,
      long nanos,
      boolean key) {

    static Entry of(Call call) {
      boolean key = call.header("Authorization").isPresent();
      return new Entry(call.endpoint(), call.path(), call.taskId(), call.at(), call.nanos(), key);
    }
  }

  private final Queue<Entry> entries = new ConcurrentLinkedQueue<>();

  void add(Call call) {
    entries.add(Entry.of(call));
  }

  int count(Endpoint endpoint) {
    return (int) of(endpoint).count();
  }

  int count(Endpoint endpoint, String taskId) {
    return (int) of(endpoint).filter(entry -> entry.taskId().equals(Optional.of(taskId))).count();
  }

  List<Instant> times(Endpoint endpoint) {
    return of(endpoint).map(Entry::at).toList();
  }

  List<Instant> times(Endpoint endpoint, String taskId) {
    return of(endpoint)
        .filter(entry -> entry.taskId().equals(Optional.of(taskId)))
        .map(Entry::at)
        .toList();
  }

  /** The paths of calls no endpoint answers to. */
  List<String> strays() {
    return of(Endpoint.UNKNOWN).map(Entry::path).toList();
  }

  /** How many downloads carried an Authorization header, which storage has no business to see. */
  int keysShownToStorage() {
    return (int)
        entries.stream().filter(entry -> entry.key() && entry.endpoint().isStorage()).count();
  }

  /** The largest number of calls that began within any stretch of this length. */
  int maxInWindow(Endpoint endpoint, Duration window) {
    long[] times = of(endpoint).mapToLong(Entry::nanos).sorted().toArray();
    int max = 0;
    int first = 0;
    for (int last = 0; last < times.length; last++) {
      while (times[last] - times[first] >= window.toNanos()) {
        first++;
      }
      max = Math.max(max, last - first + 1);
    }
    return max;
  }

  private Stream<Entry> of(Endpoint endpoint) {
    return entries.stream().filter(entry -> entry.endpoint() == endpoint);
  }
}
