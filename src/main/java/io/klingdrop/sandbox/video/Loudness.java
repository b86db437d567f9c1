package io.klingdrop.sandbox.video;

import java.util.Arrays;

/** How loud a voice is from one video frame to the next, as the picture shows it. */
final class Loudness {
  /** What lies this far below the loudest moment is shown as silence. */
  private static final double RANGE_DECIBELS = 32;

  private Loudness() {}

  /**
   * Turns decibels on any scale into what is shown: 0 is silence, 1 the loudest moment.
   *
   * @param decibels one value a frame; negative infinity is digital silence
   */
  static float[] ofDecibels(double[] decibels) {
    var loudest = Arrays.stream(decibels).max().orElse(Double.NEGATIVE_INFINITY);
    var shown = new float[decibels.length];
    for (int i = 0; i < shown.length && loudest > Double.NEGATIVE_INFINITY; i++) {
      var below = loudest - decibels[i];
      shown[i] = (float) Math.max(0, 1 - below / RANGE_DECIBELS);
    }
    return shown;
  }

  /**
   * Spreads values of some other clock (one a coded audio frame, say) over video frames: each video
   * frame takes the largest value that falls into it, or else the latest before it.
   */
  static double[] spread(double[] values, int frames) {
    var spread = new double[frames];
    for (int i = 0; i < frames; i++) {
      int from = (int) ((long) i * values.length / frames);
      int to = Math.max(from + 1, (int) ((i + 1L) * values.length / frames));
      spread[i] = Double.NEGATIVE_INFINITY;
      for (int at = from; at < Math.min(to, values.length); at++) {
        spread[i] = Math.max(spread[i], values[at]);
      }
    }
    return spread;
  }
}
