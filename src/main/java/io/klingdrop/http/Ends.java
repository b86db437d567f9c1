package io.klingdrop.http;

import io.klingdrop.ledger.EndedJobs;
import io.klingdrop.ledger.EndedJobs.End;
import io.klingdrop.ledger.EndedJobs.Noticed;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Counts and measures what has come to an end since the start of the program, from the ledger's
 * timelines: each end once, however often it is looked. Not thread-safe.
 */
final class Ends {
  /** A row may become visible that much later than its time says. */
  private static final Duration LATE = Duration.ofMinutes(1);

  private final MeterRegistry registry;
  private final EndedJobs milestones;
  private final Instant started;
  private final Map<String, Instant> seen = new HashMap<>();
  private Instant looked;

  /** What ends from {@code started} on. */
  Ends(MeterRegistry registry, EndedJobs milestones, Instant started) {
    this.registry = registry;
    this.milestones = milestones;
    this.started = started;
    this.looked = started;
  }

  void count(Instant now) {
    var since = looked.minus(LATE).isAfter(started) ? looked.minus(LATE) : started;
    seen.values().removeIf(at -> at.isBefore(since));
    for (var end : milestones.ends(since)) {
      if (seen.put(end.key(), end.at()) == null) {
        ended(end);
      }
    }
    for (var noticed : milestones.noticed(since)) {
      if (seen.put(noticed.key(), noticed.at()) == null) {
        noticed(noticed);
      }
    }
    looked = now;
  }

  private void ended(End end) {
    var failureClass = end.failureClass();
    Counter.builder("klingdrop_ended_jobs")
        .description("Jobs that came to an end since the start, by state and failure class")
        .tag("state", end.state().name())
        .tag("class", failureClass == null ? "" : failureClass.channel())
        .register(registry)
        .increment();
    record("klingdrop_job", "From the drop to the delivery", end.account(), end.whole(), 30, 7200);
    record(
        "klingdrop_delivery",
        "From the provider's end to the delivery",
        end.account(),
        end.delivery(),
        1,
        3600);
    if (end.whole() != null) {
      DistributionSummary.builder("klingdrop_job_calls")
          .description("createTask and recordInfo calls for one delivered job")
          .tag("account", end.account())
          .serviceLevelObjectives(2, 3, 5, 7, 10, 15, 20, 30, 50, 100)
          .register(registry)
          .record((double) end.calls());
    }
  }

  private void noticed(Noticed noticed) {
    record(
        "klingdrop_detection_lag",
        "How long after its end a task was found finished",
        noticed.account(),
        noticed.lag(),
        1,
        300);
  }

  /** With buckets from {@code least} to {@code most} seconds; nothing if {@code took} is null. */
  private void record(
      String name, String help, String account, @Nullable Duration took, long least, long most) {
    if (took != null) {
      Timer.builder(name)
          .description(help)
          .tag("account", account)
          .serviceLevelObjectives(
              LongStream.of(1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200)
                  .filter(seconds -> seconds >= least && seconds <= most)
                  .mapToObj(Duration::ofSeconds)
                  .toArray(Duration[]::new))
          .register(registry)
          .record(took);
    }
  }
}
