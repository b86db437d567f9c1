package io.klingdrop.sandbox.video;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens recordings, whatever holds their sound. */
final class SoundtrackReader {
  private SoundtrackReader() {}

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
      Logger log = LoggerFactory.getLogger(SoundtrackReader.class);
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
