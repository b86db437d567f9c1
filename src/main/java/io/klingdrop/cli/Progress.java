package io.klingdrop.cli;

import static java.util.stream.Collectors.joining;

import io.klingdrop.job.JobState;
import io.klingdrop.job.Text;
import io.klingdrop.ledger.JobQueries;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Shows how jobs get on: one bar that is redrawn, or a line for each step without terminal. */
final class Progress implements AutoCloseable {
  private static final int WIDTH = 30;
  private static final List<JobState> ROAD =
      List.of(
          JobState.CLAIMED,
          JobState.READY,
          JobState.SUBMITTING,
          JobState.RUNNING,
          JobState.GENERATED,
          JobState.FETCHED,
          JobState.DELIVERED);

  private final JobQueries queries;
  private final PrintWriter out;
  private final boolean terminal;
  private final Map<String, JobState> shown = new HashMap<>();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private @Nullable ScheduledFuture<?> drawing;
  private int drawn;

  Progress(JobQueries queries, PrintWriter out, boolean terminal) {
    this.queries = queries;
    this.out = out;
    this.terminal = terminal;
    queries.newest().forEach(job -> shown.put(job.id(), job.state()));
  }

  void start() {
    drawing = clock.scheduleWithFixedDelay(this::draw, 100, 250, TimeUnit.MILLISECONDS);
  }

  void finish() {
    close();
    draw();
    if (terminal) {
      out.println();
    }
  }

  private synchronized void draw() {
    var counts = queries.counts().byState();
    var all = counts.values().stream().mapToLong(Long::longValue).sum();
    var ended =
        counts.entrySet().stream()
            .filter(entry -> entry.getKey().ended())
            .mapToLong(Map.Entry::getValue)
            .sum();
    if (terminal) {
      var line = "%s  %d of %d %s".formatted(bar(counts, all), ended, all, words(counts));
      out.print("\r" + line + " ".repeat(Math.max(0, drawn - line.length())));
      drawn = line.length();
    } else {
      lines(ended, all);
    }
    out.flush();
  }

  private void lines(long ended, long all) {
    for (var job : queries.newest()) {
      if (shown.put(job.id(), job.state()) != job.state()) {
        out.printf(
            "[%d of %d] %s: %s%n", ended, all, Text.oneLine(job.path(), 80), word(job.state()));
      }
    }
  }

  private static String bar(Map<JobState, Long> counts, long all) {
    var steps = 0.0;
    for (var entry : counts.entrySet()) {
      var at = ROAD.indexOf(entry.getKey());
      steps += entry.getValue() * (at < 0 ? 1.0 : (double) at / (ROAD.size() - 1));
    }
    var full = all == 0 ? 0 : (int) Math.round(steps / all * WIDTH);
    return "[" + "#".repeat(full) + ".".repeat(WIDTH - full) + "]";
  }

  private static String words(Map<JobState, Long> counts) {
    return counts.entrySet().stream()
        .map(entry -> entry.getValue() + " " + word(entry.getKey()))
        .collect(joining(", "));
  }

  private static String word(JobState state) {
    return switch (state) {
      case CLAIMED -> "taken";
      case READY -> "checked";
      case SUBMITTING -> "being submitted";
      case SUBMIT_UNKNOWN -> "without an answer";
      case RUNNING -> "running at the provider";
      case GENERATED -> "generated";
      case FETCHED -> "fetched";
      case DELIVERED -> "delivered";
      case FAILED -> "failed";
      case CANCELLED -> "cancelled";
      case DUPLICATE -> "known already";
    };
  }

  @Override
  public void close() {
    if (drawing != null) {
      drawing.cancel(false);
    }
    clock.shutdown();
  }
}
