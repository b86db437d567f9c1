package io.klingdrop.sandbox.task;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A request for a task that would be accepted.
 *
 * @param portrait the picture
 * @param voice the recording; null if the model takes none
 * @param length how long the video will be; of a voice of unknown length five seconds
 * @param credits what the video costs
 * @param flaw what the provider notices only once it works on the task, which then fails; or null
 */
public record CheckedRequest(
    Path portrait, @Nullable Path voice, Duration length, double credits, @Nullable String flaw) {}
