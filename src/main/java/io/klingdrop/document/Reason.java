package io.klingdrop.document;

import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a job did not become a video, as people and programs are told.
 *
 * @param channel the failure class; {@code cancelled} for a job that a person stopped, whatever had
 *     happened to it before
 * @param code the provider's code, null where it gave none
 * @param message one sentence
 * @param httpStatus of the deciding answer, null where there was none
 */
public record Reason(
    String channel, @Nullable String code, String message, @Nullable Integer httpStatus) {

  /** The reason of a job that did not become a video; empty for any other. */
  public static Optional<Reason> of(Job job) {
    var failure = job.failure();
    if (job.state() == JobState.CANCELLED) {
      var message = "a person cancelled the job";
      return Optional.of(
          new Reason(
              "cancelled",
              null,
              failure == null ? message : message + "; before that: " + failure.message(),
              null));
    }
    return failure == null || job.state() == JobState.DELIVERED
        ? Optional.empty()
        : Optional.of(
            new Reason(
                failure.failureClass().channel(),
                failure.code(),
                failure.message(),
                failure.httpStatus()));
  }

  /** What a person can do about a job, one or two sentences; null for nothing. */
  public static @Nullable String nextStep(Job job) {
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

  /** What a person can do about a duplicate of {@code first}. */
  static String nextStepAfter(Job first) {
    return switch (first.state()) {
      case DELIVERED -> "The video is at the places named under first.";
      case CLAIMED, READY, SUBMITTING, RUNNING, GENERATED, FETCHED ->
          "The first job is under way; its video will be in the outbox under its own name.";
      case SUBMIT_UNKNOWN, FAILED -> {
        var next = nextStep(first);
        yield "The first job may have been charged." + (next == null ? "" : " " + next);
      }
      case CANCELLED, DUPLICATE -> "See: klingdrop why " + first.id();
    };
  }
}
