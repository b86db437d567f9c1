package io.klingdrop.poll;

import io.klingdrop.provider.CreateAnswer;
import io.klingdrop.provider.Media;
import io.klingdrop.provider.Provider;
import io.klingdrop.provider.Sighting;
import io.klingdrop.provider.TaskReport;
import io.klingdrop.provider.TaskRequest;
import io.klingdrop.provider.Uploaded;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A provider whose tasks run as long as the test says; remembers every look. */
final class VirtualProvider implements Provider {
  private final InstantSource clock;
  private final boolean tells;
  private final Map<String, Task> tasks = new TreeMap<>();

  /** A task: when it was accepted, how long it runs, when it was looked at. */
  record Task(Instant accepted, Duration run, List<Instant> looks) {
    Instant end() {
      return accepted.plus(run);
    }

    /** The age at each look, in seconds. */
    List<Double> ages() {
      return looks.stream().map(at -> seconds(Duration.between(accepted, at))).toList();
    }

    /** Seconds from its end to the look that found it. */
    double lag() {
      return seconds(Duration.between(end(), looks.get(looks.size() - 1)));
    }
  }

  /** A provider; {@code tells}: whether a finished record says how long it ran. */
  VirtualProvider(InstantSource clock, boolean tells) {
    this.clock = clock;
    this.tells = tells;
  }

  static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }

  void accept(String taskId, Duration run) {
    tasks.put(taskId, new Task(clock.instant(), run, new ArrayList<>()));
  }

  Task task(String taskId) {
    return tasks.get(taskId);
  }

  @Override
  public String name() {
    return "kie";
  }

  @Override
  public TaskReport recordInfo(String model, String taskId) {
    var task = tasks.get(taskId);
    task.looks.add(clock.instant());
    return clock.instant().isBefore(task.end())
        ? new TaskReport.Working("waiting")
        : new TaskReport.Done(List.of("https://x/" + taskId), 8.0, tells ? task.run : null);
  }

  @Override
  public Sighting find(String model, String externalId) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<Uploaded> upload(Media media) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CreateAnswer createTask(TaskRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<BigDecimal> credit() {
    throw new UnsupportedOperationException();
  }

  @Override
  public String downloadUrl(String url) {
    throw new UnsupportedOperationException();
  }
}
