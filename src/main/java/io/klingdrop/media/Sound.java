package io.klingdrop.media;

import java.time.Duration;
import java.util.List;

/**
 * What a reader found out about a recording.
 *
 * @param length how long it plays
 * @param codec how the sound is stored, one of the words of {@link AudioFacts#codec}
 * @param oddities what a person should know, sentences as in {@link AudioFacts#oddities}
 */
record Sound(Duration length, String codec, List<String> oddities) {
  static Sound of(Duration length, String codec) {
    return new Sound(length, codec, List.of());
  }
}
