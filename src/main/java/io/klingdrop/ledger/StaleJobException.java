package io.klingdrop.ledger;

import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;

/** The job was changed by somebody else since it was read; the attempted move did not happen. */
public final class StaleJobException extends RuntimeException {

  /** The move of this job to that state did not happen. */
  public StaleJobException(Job job, JobState next) {
    super(
        "job %s was %s at version %d when read and has changed since; not moved to %s"
            .formatted(job.id(), job.state(), job.version(), next));
  }
}
