package io.klingdrop.failure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.job.Job;
import io.klingdrop.job.Text;
import io.klingdrop.ledger.Receipts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What is written beside the files of a bundle that was dropped before. */
final class DuplicateNote {
  static final String NAME = "duplicate.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private DuplicateNote() {}

  static String of(Job job, Job first, Receipts receipts, Instant at) {
    var note = JSON.createObjectNode();
    note.put("job", job.id())
        .put("duplicateOf", first.id())
        .put("firstName", first.path())
        .put("firstState", first.state().name())
        .put("taskId", first.taskId());
    var results = note.putArray("results");
    receipts.locations(first.id()).forEach(results::add);
    var files = note.putArray("files");
    job.files().forEach(file -> files.add(file.name()));
    note.put("charged", "no")
        .put("at", at.truncatedTo(ChronoUnit.MILLIS).toString())
        .put("nextStep", nextStep(first));
    return Text.escaped(note.toPrettyString()) + "\n";
  }

  private static String nextStep(Job first) {
    return switch (first.state()) {
      case DELIVERED -> "The video is at the places named under results.";
      case CLAIMED, READY, SUBMITTING, RUNNING, GENERATED, FETCHED ->
          "The first job is under way; its video will be in the outbox under its own name.";
      case SUBMIT_UNKNOWN, FAILED -> {
        var failure = first.failure();
        yield "The first job may have been charged. "
            + (failure == null ? "" : failure.failureClass().nextStep()).replace("JOB", first.id());
      }
      case CANCELLED, DUPLICATE -> "See: klingdrop why " + first.id();
    };
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
