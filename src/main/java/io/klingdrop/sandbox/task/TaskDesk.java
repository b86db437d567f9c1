package io.klingdrop.sandbox.task;

import com.fasterxml.jackson.databind.JsonNode;
import io.klingdrop.sandbox.task.Envelope.Refusal;
import io.klingdrop.sandbox.task.SandboxScript.Oddity;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/** The tasks of all dialects, and what they cost. Thread-safe. */
public final class TaskDesk {
  private final InstantSource clock;
  private final Map<String, SandboxTask> tasks = new ConcurrentHashMap<>();
  private final Map<String, Integer> refused = new ConcurrentHashMap<>();
  private final AtomicLong lastNumber = new AtomicLong();

  public TaskDesk(InstantSource clock) {
    this.clock = clock;
  }

  /** Takes over the tasks of an earlier run. */
  public void takeOver(List<SandboxTask> earlier) {
    for (var task : earlier) {
      tasks.put(task.id(), task);
      lastNumber.accumulateAndGet(task.createdAt(), Math::max);
    }
  }

  /** A number of 13 digits that no task has. */
  public long nextNumber() {
    long now = clock.millis();
    return lastNumber.updateAndGet(last -> Math.max(last + 1, now));
  }

  /**
   * Accepts a task.
   *
   * @param id no other task's
   * @param request what is kept of the request
   * @throws Refusal if there is no room for it
   * @throws IOException if it cannot be kept
   */
  public SandboxTask accept(
      String id, JsonNode request, CheckedRequest checked, TaskLife.Source lives)
      throws IOException {
    long now = clock.millis();
    var task = new SandboxTask(id, request, now, lives.begin(id, request, checked, now));
    tasks.put(id, task);
    return task;
  }

  /** All tasks, in no order. */
  public Collection<SandboxTask> all() {
    return Collections.unmodifiableCollection(tasks.values());
  }

  public Optional<SandboxTask> find(String id) {
    return Optional.ofNullable(tasks.get(id));
  }

  /** Forgets a task and its videos, as a provider does when their time is over. */
  public void forget(String id) {
    tasks.remove(id);
  }

  /** What these tasks have taken off their account. */
  public double spent(Predicate<SandboxTask> by) {
    long now = clock.millis();
    return tasks.values().stream()
        .filter(by)
        .mapToDouble(task -> task.life().look(now).credits())
        .sum();
  }

  /**
   * Refuses a request whose prompt asks for it.
   *
   * @throws Refusal with the code the prompt names
   */
  public void refuseIfAsked(String prompt) {
    var script = SandboxScript.parse(prompt);
    if (script.refusal().isPresent()
        && refused.merge(prompt, 1, Integer::sum) <= script.refusals()) {
      throw new Refusal(script.refusal().get().code(), script.refusal().get().message());
    }
  }

  /** The answer to a request that made a task, or an odd one if its prompt asks for that. */
  public static SandboxAnswer accepted(SandboxTask task, SandboxAnswer answer) {
    var script = SandboxScript.of(task.request());
    if (script.asksFor(Oddity.HANG)) {
      return SandboxAnswer.NEVER;
    }
    return script.asksFor(Oddity.DROP) ? SandboxAnswer.of(502, "text/html", new byte[0]) : answer;
  }

  /** A result for whoever knows its path. */
  public SandboxAnswer result(SandboxRequest request) throws IOException {
    var name = ResultName.parse(request.path());
    var task = name.flatMap(found -> find(found.taskId()));
    if (task.isEmpty()) {
      return SandboxAnswer.empty(404);
    }
    int number = name.orElseThrow().number();
    var video = task.get().life().video(number, clock.millis());
    if (video.isEmpty()) {
      return SandboxAnswer.empty(404);
    }
    if (task.get().life().expired()) {
      return SandboxAnswer.empty(403);
    }
    var tag = task.get().id() + "-" + number + "-" + Long.toHexString(video.get().length());
    return StoredFile.of(request, video.get(), "video/mp4", tag);
  }
}
