package io.klingdrop.sandbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jcodec.containers.mp4.muxer.MP4Muxer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

  /**
   * Opens a recording. What cannot be carried in an MP4 file (Ogg, 24-bit WAV and the like) or not
   * be read at all becomes silence: as long as the recording if its length is known.
   *
   * @param secondsIfUnknown length of the silence for a recording whose length cannot be told
   */
  static Soundtrack open(Path recording, double secondsIfUnknown) {
    try (var channel = FileChannel.open(recording, StandardOpenOption.READ)) {
      var bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
      var opened = of(bytes, recording);
      if (opened.seconds() > 0) {
        return opened;
      }
    } catch (IOException | RuntimeException e) {
      Logger log = LoggerFactory.getLogger(Soundtrack.class);
      log.warn("{} is shown without sound: {}", recording.getFileName(), e.toString());
    }
    return new SilentSoundtrack(secondsIfUnknown);
  }

  private static Soundtrack of(ByteBuffer bytes, Path recording) throws IOException {
    if (startsWith(bytes, 0, "RIFF")) {
      return PcmSoundtrack.ofWav(bytes);
    }
    if (startsWith(bytes, 0, "OggS")) {
      return SilentSoundtrack.ofOgg(bytes);
    }
    if (startsWith(bytes, 4, "ftyp")) {
      return Mp4Sound.open(recording, bytes);
    }
    return AdtsSound.looksLike(bytes) ? AdtsSound.open(bytes) : Mp3Sound.open(bytes);
  }

  private static boolean startsWith(ByteBuffer bytes, int at, String text) {
    if (bytes.limit() < at + text.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (bytes.get(at + i) != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
