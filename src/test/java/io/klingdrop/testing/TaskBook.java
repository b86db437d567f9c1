package io.klingdrop.testing;

import com.fasterxml.jackson.databind.JsonNode;
import io.klingdrop.testing.TaskPlan.Failure;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All tasks ever accepted, in order. Safe for use by many threads. */
final class TaskBook {

  private final Map<String, FakeTask> tasks = new LinkedHashMap<>();
  private final StateWords words;
  private final URI base;
  private final InstantSource time;
  private int limitRunning = Integer.MAX_VALUE;
  private int maxRunning;

  /** Videos have addresses below this base. */
  TaskBook(StateWords words, URI base, InstantSource time) {
    this.time = time;
    this.base = base;
    this.words = words;
  }

  synchronized void limitRunning(int limit) {
    limitRunning = limit;
  }

  /** The largest number of tasks that ran at the same time, seen whenever one was accepted. */
  synchronized int maxRunning() {
    return maxRunning;
  }

  /**
   * Accepts a task, or returns empty when as many run as may.
   *
   * @param media SHA-256 of its files
   * @param at when, in milliseconds of the epoch
   * @param plan what shall become of it, asked only if it is accepted
   */
  synchronized Optional<FakeTask> accept(
      String taskId,
      JsonNode request,
      Map<String, String> media,
      long at,
      Supplier<TaskPlan> plan) {
    int running = (int) tasks.values().stream().filter(task -> task.running(at)).count();
    if (running >= limitRunning) {
      return Optional.empty();
    }
    maxRunning = Math.max(maxRunning, running + 1);
    String model = request.path("model").asText();
    var accepted =
        new AcceptedTask(taskId, model, request, Map.copyOf(media), Instant.ofEpochMilli(at));
    var task = new FakeTask(accepted, plan.get(), words, base);
    tasks.put(taskId, task);
    return Optional.of(task);
  }

  synchronized List<FakeTask> all() {
    return new ArrayList<>(tasks.values());
  }

  synchronized Optional<FakeTask> find(String taskId) {
    return Optional.ofNullable(tasks.get(taskId));
  }

  /** Forgets a task, as the provider does with old ones. */
  synchronized void forget(String taskId) {
    tasks.remove(taskId);
  }

  FakeTask get(String taskId) {
    return find(taskId).orElseThrow(() -> new NoSuchElementException("no task " + taskId));
  }

  void end(String taskId, @Nullable Failure failure) {
    get(taskId).end(time.millis(), failure);
  }

  /** Ends all running tasks as planned. */
  void endAll() {
    all().forEach(task -> task.end(time.millis(), task.plan().failure));
  }
}
