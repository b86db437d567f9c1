package io.klingdrop.testing;

import com.fasterxml.jackson.databind.JsonNode;
import io.klingdrop.testing.TaskPlan.Failure;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All tasks ever accepted, in order. Safe for use by many threads. */
final class TaskBook {

  private final Map<String, FakeTask> tasks = new LinkedHashMap<>();
  private final StateWords words;
  private final InstantSource time;
  private int limitRunning = Integer.MAX_VALUE;
  private int maxRunning;

  TaskBook(StateWords words, InstantSource time) {
    this.time = time;
    this.words = words;
  }

  synchronized void limitRunning(int limit) {
    limitRunning = limit;
  }

  /** The largest number of tasks that ran at the same time, seen whenever one was accepted. */
  synchronized int maxRunning() {
    return maxRunning;
  }

  /** Accepts a task under an id of 32 hex digits, or returns empty when as many run as may. */
  Optional<AcceptedTask> accept(
      JsonNode request, Map<String, String> media, Supplier<TaskPlan> plan) {
    return accept(UUID.randomUUID().toString().replace("-", ""), request, media, plan);
  }

  /** Accepts a task under this id, or returns empty when as many run as may. */
  synchronized Optional<AcceptedTask> accept(
      String taskId, JsonNode request, Map<String, String> media, Supplier<TaskPlan> plan) {
    Instant now = time.instant();
    int running = (int) tasks.values().stream().filter(task -> task.running(now)).count();
    if (running >= limitRunning) {
      return Optional.empty();
    }
    maxRunning = Math.max(maxRunning, running + 1);
    String model = request.path("model").asText();
    var accepted = new AcceptedTask(taskId, model, request, Map.copyOf(media), now);
    tasks.put(taskId, new FakeTask(accepted, plan.get(), words));
    return Optional.of(accepted);
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
    get(taskId).end(time.instant(), failure);
  }
}
