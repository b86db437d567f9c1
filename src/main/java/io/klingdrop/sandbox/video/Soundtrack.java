package io.klingdrop.sandbox.video;

import java.io.IOException;
import org.jcodec.containers.mp4.muxer.MP4Muxer;

/**
 * The voice of a video: how long it is, how loud it is, and how it gets into the file. The samples
 * stay in the file they came in and are copied from there, so a long recording needs no heap.
 */
sealed interface Soundtrack permits PcmSoundtrack, CodedSoundtrack, SilentSoundtrack {
  /** Length in seconds, above 0. */
  double seconds();

  /**
   * How loud the voice is in each video frame.
   *
   * @param frames how many video frames the recording covers
   * @return one value a frame, 0 (silence) to 1 (the loudest moment)
   */
  float[] loudness(int frames);

  /** Adds a sound track to the file, if this voice can be carried in it. */
  Writer addTo(MP4Muxer muxer);

  /** Feeds the sound into the file piece by piece, so that picture and sound lie side by side. */
  @FunctionalInterface
  interface Writer {
    /** Writes what is heard before this moment, counted in seconds, and has not been written. */
    void writeUntil(double seconds) throws IOException;
  }
}
