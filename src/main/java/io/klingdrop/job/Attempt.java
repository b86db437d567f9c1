package io.klingdrop.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One createTask of a job that the provider accepted, refused for good or left without an answer.
 *
 * @param number counted from 1
 * @param taskId the provider's id, null if it accepted nothing
 * @param ended when its end became known, null while it runs
 * @param failCode the provider's code, null unless it failed with one
 * @param failMessage why it failed, null unless it did
 * @param charged whether it cost money, null while that is open
 * @param reserved credits set aside for it, null if the price was not known
 * @param credits what the provider says it took, null if it did not say
 */
public record Attempt(
    int number,
    @Nullable String taskId,
    Instant submitted,
    @Nullable Instant ended,
    @Nullable String failCode,
    @Nullable String failMessage,
    @Nullable Charged charged,
    @Nullable Double reserved,
    @Nullable Double credits) {}
