package io.klingdrop.media;

import java.time.Duration;

/**
 * What the container of a recording says.
 *
 * @param mimeType {@code audio/mpeg}, {@code audio/wav}, {@code audio/aac}, {@code audio/mp4},
 *     {@code audio/ogg} or {@code audio/flac}
 * @param extension the usual file extension of that type, lower case, without the dot
 * @param length how long it plays, above zero; measured from the container, not by decoding, so an
 *     encoder's padding of some 50 ms may be part of it
 */
public record AudioFacts(String mimeType, String extension, Duration length) {
  public AudioFacts {
    if (length.isNegative() || length.isZero()) {
      throw new IllegalArgumentException("length is %s, must be above zero".formatted(length));
    }
  }
}
