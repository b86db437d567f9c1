package io.klingdrop.failure;

import io.klingdrop.document.JobDocument;
import io.klingdrop.document.Reason;
import io.klingdrop.job.Charged;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Invocation;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobFacts;
import io.klingdrop.job.JobState;
import io.klingdrop.job.Text;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is written beside the files of a job that failed: once for programs, once for people. */
final class FailureNote {
  /** The video is made: a person may still fetch it. */
  private static final String RESULT = FailureClass.RESULT.channel();

  private FailureNote() {}

  static String json(JobFacts facts, Instant at) {
    var document = JobDocument.of(facts).files().at(at);
    var paid = Reason.of(facts.job()).filter(it -> it.channel().equals(RESULT)).isPresent();
    return paid ? document.urls().note() : document.note();
  }

  /**
   * The note for people.
   *
   * @param came where the part of the paid results is that was fetched, null for none
   */
  static String text(JobFacts facts, Reason reason, @Nullable Path came) {
    var job = facts.job();
    return Invocation.in(
        """
        %s %s.

        What happened:  %s
        Did it cost?    %s
        What to do:     %s
        %s
        More about this: docs/failures.md#%s
        Job %s%s. Details are in error.json; the whole story: klingdrop why %s
        """
            .formatted(
                Text.oneLine(job.path(), 200),
                became(job),
                reason.message(),
                cost(facts.charged()),
                Reason.nextStep(job),
                came == null ? "" : "What has come:  kept in " + came + ", and not fetched again\n",
                reason.channel(),
                job.id(),
                job.taskId() == null ? "" : ", task " + job.taskId(),
                job.id()));
  }

  /** What is known of the video: where a task may exist or has ended well, there may be one. */
  private static String became(Job job) {
    var failure = job.failure();
    if (failure == null || job.state() == JobState.CANCELLED) {
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

  private static String cost(Charged charged) {
    return switch (charged) {
      case NO -> "No.";
      case YES -> "Yes, the provider has charged for it.";
      case UNKNOWN -> "Not known. The provider may have charged for it.";
    };
  }
}
