package io.klingdrop.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Every call that reached a double, whatever became of it. Safe for use by many threads.
 *
 * @param <E> the double's endpoints
 */
final class CallLog<E extends Enum<E>> {

  private record Entry<E>(
      E endpoint,
      String path,
      Optional<String> taskId,
      String account,
      Instant at,
      long nanos,
      boolean key) {}

  private final Queue<Entry<E>> entries = new ConcurrentLinkedQueue<>();

  /** Adds a call; the account is empty where nobody tells accounts apart. */
  void add(E endpoint, Call call, Optional<String> taskId, String account) {
    boolean key = call.header("Authorization").isPresent();
    entries.add(new Entry<>(endpoint, call.path(), taskId, account, call.at(), call.nanos(), key));
  }

  int count(E endpoint) {
    return (int) of(endpoint).count();
  }

  int count(E endpoint, String taskId) {
    return (int) of(endpoint, taskId).count();
  }

  int countOf(E endpoint, String account) {
    return (int) of(endpoint).filter(entry -> entry.account().equals(account)).count();
  }

  /** How many calls of this endpoint carried an Authorization header. */
  int countWithKey(E endpoint) {
    return (int) of(endpoint).filter(Entry::key).count();
  }

  /** Endpoint and task id of every call of these endpoints, in order. */
  List<String> all(Predicate<E> wanted) {
    return entries.stream()
        .filter(entry -> wanted.test(entry.endpoint()))
        .map(entry -> (entry.endpoint() + " " + entry.taskId().orElse("")).strip())
        .toList();
  }

  List<Instant> times(E endpoint) {
    return of(endpoint).map(Entry::at).toList();
  }

  List<Instant> times(E endpoint, String taskId) {
    return of(endpoint, taskId).map(Entry::at).toList();
  }

  List<String> paths(E endpoint) {
    return of(endpoint).map(Entry::path).toList();
  }

  /** The largest number of calls that began within any stretch of this length. */
  int maxInWindow(E endpoint, Duration window) {
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

  private Stream<Entry<E>> of(E endpoint) {
    return entries.stream().filter(entry -> entry.endpoint() == endpoint);
  }

  private Stream<Entry<E>> of(E endpoint, String taskId) {
    return of(endpoint).filter(entry -> entry.taskId().equals(Optional.of(taskId)));
  }
}
