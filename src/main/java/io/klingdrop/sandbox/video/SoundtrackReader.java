package io.klingdrop.sandbox.video;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
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
    var start = new byte[Math.min(8, bytes.limit())];
    bytes.get(0, start);
    var words = new String(start, StandardCharsets.ISO_8859_1);
    if (words.startsWith("RIFF")) {
      return PcmSoundtrack.ofWav(bytes);
    }
    if (words.startsWith("OggS")) {
      return SilentSoundtrack.ofOgg(bytes);
    }
    if (words.startsWith("ftyp", 4)) {
      return CodedSoundtrack.ofMp4(recording, bytes);
    }
    return CodedSoundtrack.isAdts(bytes, 0) ? CodedSoundtrack.ofAdts(bytes) : Mp3Sound.open(bytes);
  }
}
