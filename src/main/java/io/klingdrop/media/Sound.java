package io.klingdrop.media;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What a reader found out about a recording.
 *
 * @param length how long it plays
 * @param codec how the sound is stored, one of the words of {@link AudioFacts#codec}
 * @param oddities what a person should know, sentences as in {@link AudioFacts#oddities}
 */
record Sound(Duration length, String codec, List<String> oddities) {
  private static final Set<String> PLAIN = Set.of("pcm", "float", "mulaw", "alaw");

  static Sound of(Duration length, String codec) {
    return new Sound(length, codec, List.of());
  }

  /** Whether the bytes of that codec are the samples themselves, so that zeros are silence. */
  static boolean isPlain(String codec) {
    return PLAIN.contains(codec);
  }
}
