package io.klingdrop.media;

import java.time.Duration;
import java.util.Optional;

/**
 * What the container of a video says.
 *
 * @param mimeType {@code video/mp4}, {@code video/quicktime}, {@code video/webm} or {@code
 *     video/x-matroska}
 * @param extension the usual file extension of that type, lower case, without the dot
 * @param length how long it plays, above zero; empty when the container does not say
 */
public record VideoFacts(String mimeType, String extension, Optional<Duration> length) {}
