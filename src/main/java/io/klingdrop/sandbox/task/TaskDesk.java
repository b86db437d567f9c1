package io.klingdrop.sandbox.task;

import com.fasterxml.jackson.databind.JsonNode;
import io.klingdrop.sandbox.task.Envelope.Refusal;
import io.klingdrop.sandbox.task.SandboxScript.Oddity;
import io.klingdrop.sandbox.task.SandboxScript.Verdict;
import io.klingdrop.sandbox.video.VideoMaker;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes tasks in, has their videos made and keeps the account. Thread-safe. */
public final class TaskDesk {

  /** What a new account holds. */
  static final double CREDITS_AT_START = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(TaskDesk.class);
  private static final Pattern RESULT_NAME = Pattern.compile("((?:task_sandbox_)?\\d+)-[12]\\.mp4");

  private final UploadShelf uploads;
  private final Path results;
  private final TaskArchive archive;
  private final Predicate<String> knownModel;
  private final InstantSource clock;
  private final Executor workshop;
  private final Map<String, SandboxTask> tasks = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> refused = new ConcurrentHashMap<>();
  private final AtomicLong lastId = new AtomicLong();

  public TaskDesk(
      UploadShelf uploads,
      Path results,
      TaskArchive archive,
      Predicate<String> knownModel,
      InstantSource clock,
      Executor workshop) {
    this.uploads = uploads;
    this.results = results;
    this.archive = archive;
    this.knownModel = knownModel;
    this.clock = clock;
    this.workshop = workshop;
  }

  /** Takes up the tasks of an earlier run where it left them. */
  public void resume() throws IOException {
    for (var entry : archive.load()) {
      var task = entry.task();
      tasks.put(entry.id(), task);
      lastId.accumulateAndGet(entry.createdAt(), Math::max);
      if (Files.exists(video(task))) {
        task.videoMade(entry.createdAt());
      } else {
        workshop.execute(() -> makeVideo(task, entry.checked()));
      }
    }
  }

  /**
   * Accepts a task of kie.ai's dialect.
   *
   * @throws Refusal what createTask answers instead
   * @throws IOException if the task cannot be kept
   */
  public SandboxTask create(JsonNode request) throws IOException {
    var prompt = request.path("input").path("prompt").asText("");
    refuseIfAsked(prompt);
    var checked = CheckedRequest.of(request, knownModel, uploads);
    if (checked.credits() > credits()) {
      throw new Refusal(402, "Credits insufficient");
    }
    return accept(SandboxTask.KIE + nextNumber(), request, checked);
  }

  /** A number of 13 digits that no task has. */
  public long nextNumber() {
    long now = clock.millis();
    return lastId.updateAndGet(last -> Math.max(last + 1, now));
  }

  /**
   * Accepts a task of any dialect.
   *
   * @param id no other task's
   * @param request what is kept of the request
   * @throws IOException if the task cannot be kept
   */
  public SandboxTask accept(String id, JsonNode request, CheckedRequest checked)
      throws IOException {
    long now = clock.millis();
    var entry = new TaskArchive.Entry(id, now, request, checked);
    var task = entry.task();
    archive.save(entry);
    tasks.put(id, task);
    workshop.execute(() -> makeVideo(task, checked));
    return task;
  }

  /** All tasks of both dialects, in no order. */
  public Collection<SandboxTask> all() {
    return Collections.unmodifiableCollection(tasks.values());
  }

  /** Finds a task of kie.ai's dialect by its id. */
  public SandboxTask find(String id) {
    if (id.isBlank()) {
      throw new Refusal(400, "taskId parameter is required");
    }
    var task = tasks.get(id);
    if (task == null || !task.isKie()) {
      throw new Refusal(422, "recordInfo is null");
    }
    return task;
  }

  /** What is left of the account with kie.ai. */
  public double credits() {
    long now = clock.millis();
    return CREDITS_AT_START - spent(SandboxTask::isKie, now);
  }

  /** What these tasks have taken off their account. */
  public double spent(Predicate<SandboxTask> by, long now) {
    return tasks.values().stream().filter(by).mapToDouble(task -> task.credits(now)).sum();
  }

  /** The task a result belongs to. */
  public Optional<SandboxTask> taskOfResult(String fileName) {
    var name = RESULT_NAME.matcher(fileName);
    return name.matches() ? Optional.ofNullable(tasks.get(name.group(1))) : Optional.empty();
  }

  /** The finished video of a task. */
  public Path video(SandboxTask task) {
    return results.resolve(task.id() + ".mp4");
  }

  /**
   * Refuses a request whose prompt asks for it.
   *
   * @throws Refusal with the code the prompt names
   */
  public void refuseIfAsked(String prompt) {
    var script = SandboxScript.parse(prompt);
    if (script.refusal().isEmpty()) {
      return;
    }
    int times = refused.computeIfAbsent(prompt, any -> new AtomicInteger()).incrementAndGet();
    if (times <= script.refusals()) {
      throw new Refusal(script.refusal().get().code(), script.refusal().get().message());
    }
  }

  private void makeVideo(SandboxTask task, CheckedRequest request) {
    if (task.script().failure().isPresent()) {
      task.videoMade(clock.millis());
      return;
    }
    if (request.flaw() != null) {
      task.videoFailed(clock.millis(), new Verdict(400, request.flaw()));
      return;
    }
    var finished = video(task);
    var unfinished = results.resolve(task.id() + ".part");
    try {
      VideoMaker.make(request.portrait(), request.voice(), request.length(), unfinished);
      if (task.script().asksFor(Oddity.BROKEN_VIDEO)) {
        try (var file = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
          file.truncate(file.size() * 3 / 5);
        }
      }
      Files.move(unfinished, finished, StandardCopyOption.ATOMIC_MOVE);
      task.videoMade(clock.millis());
    } catch (IOException | RuntimeException e) {
      LOG.warn("The video of {} cannot be made", task.id(), e);
      task.videoFailed(clock.millis(), new Verdict(500, "Internal Error, Please try again later."));
    }
  }
}
