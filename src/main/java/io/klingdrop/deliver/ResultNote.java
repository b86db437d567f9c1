package io.klingdrop.deliver;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.job.Job;
import io.klingdrop.job.Text;
import io.klingdrop.ledger.Receipts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON beside a result: where it came from, what it cost, how to check it. */
final class ResultNote {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ResultNote() {}

  /** What a target calls each result of a job, in their order; null where it has none. */
  static List<@Nullable String> names(Job job, String target, Receipts receipts) {
    List<@Nullable String> names = new ArrayList<>();
    for (var result : job.results()) {
      var place = receipts.find(job.id(), target, result.number()).orElse(null);
      names.add(place == null ? null : place.replaceFirst("(?s)^.*[/\\\\]", ""));
    }
    return names;
  }

  /**
   * The note of a job that is delivered at {@code delivered}.
   *
   * @param names what the files beside the note are called
   * @param warnings what the check found odd
   */
  static String of(
      Job job, List<@Nullable String> names, List<String> warnings, Instant delivered) {
    var note = JSON.createObjectNode();
    note.put("job", job.id())
        .put("name", job.name())
        .put("profile", job.profile())
        .put("provider", job.provider())
        .put("model", job.model())
        .put("taskId", job.taskId())
        .put("state", "DELIVERED");
    note.set("request", request(job));
    var sources = note.putArray("sources");
    for (var file : job.files()) {
      sources
          .addObject()
          .put("role", file.role().word())
          .put("name", file.name())
          .put("sha256", file.sha256())
          .put("bytes", file.bytes());
    }
    var results = note.putArray("results");
    for (var result : job.results()) {
      var entry = results.addObject();
      entry.put("file", names.get(results.size() - 1));
      entry.put("sha256", result.sha256()).put("bytes", result.bytes());
      var millis = result.durationMillis();
      entry.put("durationSeconds", millis == null ? null : millis / 1000.0);
      entry.put("url", result.url());
    }
    warnings.forEach(note.putArray("warnings")::add);
    note.put("credits", job.credits());
    note.put("createdAt", text(job.createdAt()))
        .put("submittedAt", text(job.submittedAt()))
        .put("generatedAt", text(job.generatedAt()))
        .put("deliveredAt", text(delivered));
    return Text.escaped(note.toPrettyString()) + "\n";
  }

  /** Whether a JSON file is the note of that job. */
  static boolean isOf(Path file, String jobId) throws IOException {
    try {
      return Files.size(file) < 1 << 20
          && jobId.equals(JSON.readTree(Files.readAllBytes(file)).path("job").asText());
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  private static ObjectNode request(Job job) {
    var request = JSON.createObjectNode();
    request.put("model", job.model());
    try {
      request.set("input", JSON.readTree(job.composedRequest()));
    } catch (JsonProcessingException e) {
      request.put("input", job.composedRequest());
    }
    return request;
  }

  private static @Nullable String text(@Nullable Instant at) {
    return at == null ? null : at.truncatedTo(ChronoUnit.MILLIS).toString();
  }
}
