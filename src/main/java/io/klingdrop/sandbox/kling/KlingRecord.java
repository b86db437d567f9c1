package io.klingdrop.sandbox.kling;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.sandbox.task.Envelope;
import io.klingdrop.sandbox.task.SandboxTask;
import io.klingdrop.sandbox.task.SandboxTask.Sight;
import java.math.BigDecimal;
import java.net.URI;
import java.util.Locale;
import java.util.UUID;

/** A task as Kling shows it: milliseconds for times, texts for lengths and units (autumn 2026). */
final class KlingRecord {

  private KlingRecord() {}

  /** What is said about a task that was accepted just now. */
  static ObjectNode created(SandboxTask task) {
    var data = head(task, "submitted");
    return data.put("created_at", task.createdAt()).put("updated_at", task.createdAt());
  }

  static ObjectNode of(SandboxTask task, Sight sight, URI base) {
    boolean told = sight.state().ended() && !sight.odd();
    var data = head(task, sight.odd() ? SandboxTask.ODD_STATE : word(sight));
    var result = data.putObject("task_result");
    if (told) {
      sight.verdict().ifPresent(verdict -> data.put("task_status_msg", verdict.message()));
      double units = sight.verdict().isPresent() ? 0 : task.price();
      data.put("final_unit_deduction", plain(units));
    }
    if (told && sight.verdict().isEmpty()) {
      putVideos(result, task, sight, base);
    }
    long changedAt = told ? sight.endedAt().orElse(task.createdAt()) : task.createdAt();
    return data.put("created_at", task.createdAt()).put("updated_at", changedAt);
  }

  /** Units as Kling writes them: {@code 1.6}, {@code 100}. */
  static String plain(double units) {
    return BigDecimal.valueOf(units).stripTrailingZeros().toPlainString();
  }

  private static void putVideos(ObjectNode result, SandboxTask task, Sight sight, URI base) {
    var videos = result.putArray("videos");
    var seconds = String.format(Locale.ROOT, "%.3f", task.length().toMillis() / 1000.0);
    for (var url : task.urls(sight.results(), base)) {
      videos
          .addObject()
          .put("id", UUID.randomUUID().toString())
          .put("url", url)
          .put("duration", seconds);
    }
  }

  private static ObjectNode head(SandboxTask task, String status) {
    var data = Envelope.object().put("task_id", task.id()).put("task_status", status);
    var info = data.putObject("task_info");
    KlingRequest.externalId(task.request()).ifPresent(id -> info.put("external_task_id", id));
    return data;
  }

  private static String word(Sight sight) {
    return switch (sight.state()) {
      case WAITING -> "submitted";
      case GENERATING -> "processing";
      case SUCCESS -> "succeed";
      case FAIL -> "failed";
    };
  }
}
