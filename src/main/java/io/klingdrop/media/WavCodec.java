package io.klingdrop.media;

import java.util.Locale;

/**
 * How the sound of a WAV is stored, by its format tag. Multimedia Data Standards Update 3.0,
 * 1994-04, and the list that RFC 2361, 1998-06, registers.
 *
 * @param word as in {@link AudioFacts#codec}
 * @param plain whether the bytes are the samples themselves, so that their count is the length
 */
record WavCodec(String word, boolean plain) {
  static WavCodec of(int tag) {
    return switch (tag) {
      case 1 -> new WavCodec("pcm", true);
      case 3 -> new WavCodec("float", true);
      case 6 -> new WavCodec("alaw", true);
      case 7 -> new WavCodec("mulaw", true);
      case 0x02, 0x11, 0x20, 0x45, 0x64, 0x69, 0x200 -> new WavCodec("adpcm", false);
      case 0x31 -> new WavCodec("gsm", false);
      case 0x50, 0x55 -> new WavCodec("mp3", false);
      case 0xff, 0x1600, 0x1602, 0x1610 -> new WavCodec("aac", false);
      default -> new WavCodec(String.format(Locale.ROOT, "0x%04x", tag), false);
    };
  }
}
