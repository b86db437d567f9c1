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
}
