package io.klingdrop.failure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.document.JobDocument;
import io.klingdrop.job.JobFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** What is written beside the files of a bundle that was dropped before. */
final class DuplicateNote {
  static final String NAME = "duplicate.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private DuplicateNote() {}

  static String of(JobFacts facts, JobFacts first, Instant at) {
    return JobDocument.of(facts).files().first(first).at(at).note();
  }

  /** Whether the folder holds the note of that job. */
  static boolean isOf(Path folder, String jobId) throws IOException {
    var note = folder.resolve(NAME);
    try {
      return Files.isRegularFile(note)
          && jobId.equals(JSON.readTree(Files.readAllBytes(note)).path("job").asText());
    } catch (JsonProcessingException e) {
      return false;
    }
  }
}
