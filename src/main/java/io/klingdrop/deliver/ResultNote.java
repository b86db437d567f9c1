package io.klingdrop.deliver;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.document.JobDocument;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobFacts;
import io.klingdrop.ledger.Receipts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON beside a result: where it came from, what it cost, how to check it. */
final class ResultNote {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ResultNote() {}

  /** What a target calls each result of a job, in their order; null where it has none. */
  private static List<@Nullable String> names(Job job, String target, Receipts receipts) {
    List<@Nullable String> names = new ArrayList<>();
    for (var result : job.results()) {
      var place = receipts.find(job.id(), target, result.number()).orElse(null);
      names.add(place == null ? null : place.replaceFirst("(?s)^.*[/\\\\]", ""));
    }
    return names;
  }

  /** The note of a job that is delivered to that target at {@code delivered}. */
  static String of(JobFacts facts, String target, Receipts receipts, Instant delivered) {
    var names = names(facts.job(), target, receipts);
    return JobDocument.of(facts).request().fileNames(names).urls().delivered(delivered).note();
  }

  static boolean isOf(Path file, String jobId) throws IOException {
    try {
      return Files.size(file) < 1 << 20
          && jobId.equals(JSON.readTree(Files.readAllBytes(file)).path("job").asText());
    } catch (JsonProcessingException e) {
      return false;
    }
  }
}
