package io.klingdrop.media;

/**
 * One frame of a bare audio stream.
 *
 * @param bytes from its sync word to the next one, at least 7
 * @param samples per channel
 * @param rate samples per second, one of those in the MPEG tables
 */
public record Frame(int bytes, int samples, int rate) {
  /** The lowest number of ticks a second that every sample rate of MPEG and AAC divides. */
  static final long TICKS_PER_SECOND = 28_224_000;

  long ticks() {
    return samples * (TICKS_PER_SECOND / rate);
  }
}
