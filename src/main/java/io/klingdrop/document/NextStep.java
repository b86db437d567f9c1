package io.klingdrop.document;

import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import org.jspecify.annotations.Nullable;

/** What a person can do about a job, one or two sentences. */
public final class NextStep {

  private NextStep() {}

  /** For a job by itself; null where there is nothing to say. */
  public static @Nullable String of(Job job) {
    if (job.state() == JobState.CANCELLED) {
      return job.taskId() == null
          ? "Nothing. To have the video after all, drop the files again."
          : "Nothing. Task " + job.taskId() + " goes on at the provider; its video is there.";
    }
    var failure = job.failure();
    return failure == null || job.state() == JobState.DELIVERED
        ? null
        : failure.failureClass().nextStep().replace("JOB", job.id());
  }

  /** For a duplicate of {@code first}. */
  static String afterDuplicate(Job first) {
    return switch (first.state()) {
      case DELIVERED -> "The video is at the places named under first.";
      case CLAIMED, READY, SUBMITTING, RUNNING, GENERATED, FETCHED ->
          "The first job is under way; its video will be in the outbox under its own name.";
      case SUBMIT_UNKNOWN, FAILED -> {
        var next = of(first);
        yield "The first job may have been charged." + (next == null ? "" : " " + next);
      }
      case CANCELLED, DUPLICATE -> "See: klingdrop why " + first.id();
    };
  }
}
