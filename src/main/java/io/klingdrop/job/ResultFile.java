package io.klingdrop.job;

import org.jspecify.annotations.Nullable;

/**
 * One result of a task.
 *
 * @param number counted from 1, in the provider's order
 * @param url where the provider offered it
 * @param file its name in the work folder, then in the outbox; null until fetched
 * @param sha256 lower-case hex of the bytes, null until fetched
 * @param bytes size, 0 until fetched
 * @param extension with the dot, by the bytes, such as {@code .mp4}; null until fetched
 * @param durationMillis length of the video, null if the container does not say
 */
public record ResultFile(
    int number,
    String url,
    @Nullable String file,
    @Nullable String sha256,
    long bytes,
    @Nullable String extension,
    @Nullable Long durationMillis) {}
