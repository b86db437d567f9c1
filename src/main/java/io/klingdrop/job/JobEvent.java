package io.klingdrop.job;

import java.time.Instant;

/**
 * One line of a job's timeline.
 *
 * @param state the state the job was in after it
 * @param note what happened, one sentence
 */
public record JobEvent(Instant at, JobState state, String note) {}
