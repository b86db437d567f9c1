package io.klingdrop.media;

import java.time.Duration;
import java.util.List;

/**
 * What the container of a recording says.
 *
 * @param mimeType {@code audio/mpeg}, {@code audio/wav}, {@code audio/aac}, {@code audio/mp4},
 *     {@code audio/ogg} or {@code audio/flac}
 * @param extension the usual file extension of that type, lower case, without the dot
 * @param codec how the sound is stored inside, lower case: {@code mp3}, {@code aac}, {@code pcm},
 *     {@code float}, {@code mulaw}, {@code alaw}, {@code adpcm}, {@code alac}, {@code vorbis},
 *     {@code opus}, {@code speex}, {@code flac}, {@code ac3}, {@code eac3}, {@code amr}, or the
 *     container's own short name for anything else
 * @param length how long it plays, above zero; counted from the container, not by decoding. An
 *     encoder's padding is left out where the file states it, else some 50 ms of it may be in it
 * @param oddities what is strange about it though it plays, sentences that start in lower case and
 *     have no full stop
 */
public record AudioFacts(
    String mimeType, String extension, String codec, Duration length, List<String> oddities) {
  public AudioFacts {
    if (length.isNegative() || length.isZero()) {
      throw new IllegalArgumentException("length is %s, must be above zero".formatted(length));
    }
    oddities = List.copyOf(oddities);
  }
}
