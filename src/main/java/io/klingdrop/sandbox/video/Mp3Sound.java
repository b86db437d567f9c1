package io.klingdrop.sandbox.video;

import io.klingdrop.sandbox.video.CodedSoundtrack.Frame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jcodec.codecs.mpeg4.mp4.EsdsBox;
import org.jcodec.containers.mp4.boxes.AudioSampleEntry;
import org.jspecify.annotations.Nullable;

/** Finds the frames of an MP3 recording (MPEG audio, layer III). */
final class Mp3Sound {

  private static final int[] KILOBITS_MPEG1 = {
    0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320
  };
  private static final int[] KILOBITS_MPEG2 = {
    0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160
  };
  private static final int[] RATES_MPEG1 = {44_100, 48_000, 32_000};

  /** One step of a frame's global gain is a quarter of a doubling of amplitude. */
  private static final double DECIBELS_PER_GAIN_STEP = 1.505;

  /** What the four bytes before each frame say; null stands for "no frame here". */
  private record Header(boolean mpeg1, int rate, int channels, int size) {
    int samples() {
      return mpeg1 ? 1152 : 576;
    }

    int sideInfo() {
      if (mpeg1) {
        return channels == 1 ? 17 : 32;
      }
      return channels == 1 ? 9 : 17;
    }
  }

  private Mp3Sound() {}

  static Soundtrack open(ByteBuffer file) {
    List<Frame> frames = new ArrayList<>();
    Header first = null;
    int at = afterTag(file);
    while (at + 4 <= file.limit()) {
      var header = headerAt(file, at);
      if (header == null
          || at + header.size() > file.limit()
          || (first != null && first.rate() != header.rate())) {
        at++;
        continue;
      }
      if (first != null || !isIndex(file, at, header)) {
        frames.add(new Frame(at, header.size(), header.samples(), decibels(file, at, header)));
      }
      first = first == null ? header : first;
      at += header.size();
    }
    if (first == null || frames.isEmpty()) {
      return new SilentSoundtrack(0);
    }
    var entry =
        AudioSampleEntry.compressedAudioSampleEntry(
            "mp4a", 1, 16, first.channels(), first.rate(), 0, 0, 0);
    // ISO 14496-1 object types: 0x6B is MPEG-1 audio, 0x69 the lower rates of MPEG-2
    int type = first.mpeg1() ? 0x6B : 0x69;
    entry.add(EsdsBox.createEsdsBox(ByteBuffer.allocate(0), type, 0, 128_000, 128_000, 2));
    return new CodedSoundtrack(file, List.copyOf(frames), first.rate(), entry);
  }

  private static int afterTag(ByteBuffer file) {
    boolean tagged =
        file.limit() > 10 && file.get(0) == 'I' && file.get(1) == 'D' && file.get(2) == '3';
    if (!tagged) {
      return 0;
    }
    return 10 + ((file.get(6) << 21) | (file.get(7) << 14) | (file.get(8) << 7) | file.get(9));
  }

  private static @Nullable Header headerAt(ByteBuffer file, int at) {
    int word = file.getInt(at);
    int version = (word >> 19) & 3;
    int layer = (word >> 17) & 3;
    int bitrate = (word >> 12) & 15;
    int rate = (word >> 10) & 3;
    if (word >>> 21 != 0x7FF || version == 1 || layer != 1 || bitrate % 15 == 0 || rate == 3) {
      return null;
    }
    boolean mpeg1 = version == 3;
    int hertz = RATES_MPEG1[rate] >> (mpeg1 ? 0 : version == 2 ? 1 : 2);
    int kilobits = (mpeg1 ? KILOBITS_MPEG1 : KILOBITS_MPEG2)[bitrate];
    int size = (mpeg1 ? 144_000 : 72_000) * kilobits / hertz + ((word >> 9) & 1);
    return new Header(mpeg1, hertz, ((word >> 6) & 3) == 3 ? 1 : 2, size);
  }

  /** The first frame of many files holds no sound but an index of the others. */
  private static boolean isIndex(ByteBuffer file, int at, Header header) {
    int tag = file.getInt(at + 4 + header.sideInfo());
    return tag == 0x58696E67 || tag == 0x496E666F || file.getInt(at + 36) == 0x56425249;
  }

  /**
   * The frame's global gain, the encoder's own note of how loud the frame is. A frame without coded
   * values is silence, whatever its gain.
   */
  private static double decibels(ByteBuffer file, int at, Header header) {
    boolean mono = header.channels() == 1;
    int bit = header.mpeg1() ? (mono ? 30 : 32) : (mono ? 21 : 22);
    boolean protectedByCrc = (file.get(at + 1) & 1) == 0;
    int start = at + (protectedByCrc ? 6 : 4) + bit / 8;
    int values = file.getInt(start) >>> (15 - bit % 8);
    int coded = (values >> 8) & 0x1FF;
    int gain = values & 0xFF;
    return coded == 0 ? Double.NEGATIVE_INFINITY : gain * DECIBELS_PER_GAIN_STEP;
  }
}
