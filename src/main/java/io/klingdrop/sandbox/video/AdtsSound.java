package io.klingdrop.sandbox.video;

import io.klingdrop.sandbox.video.CodedSoundtrack.Frame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jcodec.codecs.mpeg4.mp4.EsdsBox;
import org.jcodec.containers.mp4.boxes.AudioSampleEntry;

/** Finds the frames of a bare AAC recording, each of which begins with an ADTS header. */
final class AdtsSound {

  private static final int[] RATES = {
    96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000,
    7_350
  };
  private static final int SAMPLES = 1024;
  private static final int MPEG4_AUDIO = 0x40;

  private AdtsSound() {}

  static boolean looksLike(ByteBuffer file) {
    return file.limit() > 7 && (file.getShort(0) & 0xFFF6) == 0xFFF0;
  }

  static Soundtrack open(ByteBuffer file) {
    int first = file.getInt(0);
    int profile = (first >> 14) & 3;
    int rateIndex = (first >> 10) & 15;
    int channels = (first >> 6) & 7;
    List<Frame> frames = new ArrayList<>();
    int at = 0;
    while (at + 7 <= file.limit() && (file.getShort(at) & 0xFFF6) == 0xFFF0) {
      int size = (file.getInt(at + 3) >> 13) & 0x1FFF;
      int header = (file.get(at + 1) & 1) == 1 ? 7 : 9;
      if (size <= header || at + size > file.limit()) {
        break;
      }
      frames.add(new Frame(at + header, size - header, SAMPLES, decibels(size - header)));
      at += size;
    }
    var entry =
        AudioSampleEntry.compressedAudioSampleEntry(
            "mp4a", 1, 16, channels, RATES[rateIndex], 0, 0, 0);
    short config = (short) ((profile + 1) << 11 | (rateIndex << 7) | (channels << 3));
    var description = ByteBuffer.allocate(2).putShort(0, config);
    entry.add(EsdsBox.createEsdsBox(description, MPEG4_AUDIO, 0, 128_000, 128_000, 2));
    return new CodedSoundtrack(file, List.copyOf(frames), RATES[rateIndex], entry);
  }

  /** The loudness is inside the code; how many bytes a frame needs is a fair hint of it. */
  static double decibels(int size) {
    return 40 * Math.log10(size);
  }
}
