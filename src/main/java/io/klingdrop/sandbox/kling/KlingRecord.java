package io.klingdrop.sandbox.kling;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.sandbox.task.Envelope;
import io.klingdrop.sandbox.task.SandboxTask;
import io.klingdrop.sandbox.task.Sight;
import java.math.BigDecimal;
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

  static ObjectNode of(SandboxTask task, Sight sight) {
    var data = head(task, sight.word().isEmpty() ? word(sight) : sight.word());
    var result = data.putObject("task_result");
    sight.reason().ifPresent(reason -> data.put("task_status_msg", reason.message()));
    if (sight.endedAt().isPresent()) {
      data.put("final_unit_deduction", plain(sight.credits()));
    }
    if (sight.succeeded()) {
      putVideos(result, sight);
    }
    long changedAt = sight.endedAt().orElse(task.createdAt());
    return data.put("created_at", task.createdAt()).put("updated_at", changedAt);
  }

  /** Units as Kling writes them: {@code 1.6}, {@code 100}. */
  static String plain(double units) {
    return BigDecimal.valueOf(units).stripTrailingZeros().toPlainString();
  }

  private static void putVideos(ObjectNode result, Sight sight) {
    var videos = result.putArray("videos");
    var seconds = String.format(Locale.ROOT, "%.3f", sight.length().toMillis() / 1000.0);
    for (var url : sight.urls()) {
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
