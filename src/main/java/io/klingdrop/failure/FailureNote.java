package io.klingdrop.failure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.job.Charged;
import io.klingdrop.job.Failure;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Invocation;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.job.ResultFile;
import io.klingdrop.job.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What is written beside the files of a job that failed: once for programs, once for people. */
final class FailureNote {
  static final String JSON_NAME = "error.json";
  static final String TEXT_NAME = "error.txt";
  private static final ObjectMapper JSON = new ObjectMapper();

  private FailureNote() {}

  static String json(Job job, String channel, Failure failure, Instant at) {
    var note = JSON.createObjectNode();
    note.put("job", job.id())
        .put("class", channel)
        .put("state", job.state().name())
        .put("failCode", failure.code())
        .put("failMessage", failure.message())
        .put("httpStatus", failure.httpStatus())
        .put("provider", job.provider())
        .put("model", job.model())
        .put("taskId", job.taskId())
        .put("charged", failure.charged().word())
        .put("attempts", job.attempts());
    var files = note.putArray("files");
    job.files().forEach(file -> files.add(file.name()));
    if (failure.failureClass() == FailureClass.RESULT) {
      var urls = note.putArray("resultUrls");
      job.results().stream().map(ResultFile::url).forEach(urls::add);
    }
    note.put("at", at.truncatedTo(ChronoUnit.MILLIS).toString())
        .put("nextStep", nextStep(job, failure));
    return Text.escaped(note.toPrettyString()) + "\n";
  }

  /**
   * The note for people.
   *
   * @param channel the folder in failed/; the page about failures has a part of that name
   */
  static String text(Job job, String channel, Failure failure) {
    return Invocation.in(
        """
        %s %s.

        What happened:  %s
        Did it cost?    %s
        What to do:     %s

        More about this: docs/failures.md#%s
        Job %s%s. Details are in error.json; the whole story: klingdrop why %s
        """
            .formatted(
                Text.oneLine(job.path(), 200),
                became(job, failure),
                failure.message(),
                cost(failure.charged()),
                nextStep(job, failure),
                channel,
                job.id(),
                job.taskId() == null ? "" : ", task " + job.taskId(),
                job.id()));
  }

  /** What is known of the video: where a task may exist or has ended well, there may be one. */
  private static String became(Job job, Failure failure) {
    if (job.state() == JobState.CANCELLED) {
      return "was stopped by a person";
    }
    return switch (failure.failureClass()) {
      case SUBMIT_UNKNOWN -> "may be in the making: nobody knows whether its task was created";
      case EXPIRED -> "has no video here: the provider no longer knows its task";
      case RESULT -> "was made into a video, but the video could not be fetched";
      case DELIVERY -> "was made into a video, but the video is not at every place it belongs";
      case UNPAIRED, INVALID, REJECTED, GENERATION, PROVIDER -> "was not made into a video";
    };
  }

  private static String nextStep(Job job, Failure failure) {
    if (job.state() == JobState.CANCELLED) {
      return job.taskId() == null
          ? "Nothing. To have the video after all, drop the files again."
          : "Nothing. Task " + job.taskId() + " goes on at the provider; its video is there.";
    }
    return failure.failureClass().nextStep().replace("JOB", job.id());
  }

  private static String cost(Charged charged) {
    return switch (charged) {
      case NO -> "No.";
      case YES -> "Yes, the provider has charged for it.";
      case UNKNOWN -> "Not known. The provider may have charged for it.";
    };
  }

  /** Whether the folder holds the note of that job. */
  static boolean isOf(Path folder, String jobId) throws IOException {
    var note = folder.resolve(JSON_NAME);
    try {
      return Files.isRegularFile(note)
          && jobId.equals(JSON.readTree(Files.readAllBytes(note)).path("job").asText());
    } catch (JsonProcessingException e) {
      return false;
    }
  }
}
