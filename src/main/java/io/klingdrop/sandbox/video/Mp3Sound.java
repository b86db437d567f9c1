package io.klingdrop.sandbox.video;

import io.klingdrop.media.Mp3Frames;
import io.klingdrop.sandbox.video.CodedSoundtrack.Frame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Finds the frames of an MP3 recording (MPEG audio, layer III). */
final class Mp3Sound {
  /** One step of a frame's global gain is a quarter of a doubling of amplitude. */
  private static final double DECIBELS_PER_GAIN_STEP = 1.505;

  private Mp3Sound() {}

  static Soundtrack open(ByteBuffer file) {
    List<Frame> frames = new ArrayList<>();
    int first = 0;
    int rate = 0;
    int at = afterTag(file);
    while (at + 4 <= file.limit()) {
      int header = file.getInt(at);
      var found = Mp3Frames.of(header);
      if (found.isEmpty()
          || at + found.get().bytes() > file.limit()
          || (rate != 0 && rate != found.get().rate())) {
        at++;
        continue;
      }
      var frame = found.get();
      if (rate != 0 || !isIndex(file, at, header)) {
        frames.add(new Frame(at, frame.bytes(), frame.samples(), decibels(file, at, header)));
      }
      if (rate == 0) {
        first = header;
        rate = frame.rate();
      }
      at += frame.bytes();
    }
    if (frames.isEmpty()) {
      return new SilentSoundtrack(0);
    }
    // ISO 14496-1 object types: 0x6B is MPEG-1 audio, 0x69 the lower rates of MPEG-2
    int type = Mp3Frames.isMpeg1(first) ? 0x6B : 0x69;
    int channels = Mp3Frames.isMono(first) ? 1 : 2;
    return CodedSoundtrack.of(file, frames, rate, channels, type, ByteBuffer.allocate(0));
  }

  private static int afterTag(ByteBuffer file) {
    boolean tagged =
        file.limit() > 10 && file.get(0) == 'I' && file.get(1) == 'D' && file.get(2) == '3';
    if (!tagged) {
      return 0;
    }
    return 10 + ((file.get(6) << 21) | (file.get(7) << 14) | (file.get(8) << 7) | file.get(9));
  }

  /** The first frame of many files holds no sound but an index of the others. */
  private static boolean isIndex(ByteBuffer file, int at, int header) {
    int tag = file.getInt(at + Mp3Frames.tableOffset(header));
    return tag == 0x58696E67 || tag == 0x496E666F || file.getInt(at + 36) == 0x56425249;
  }

  /**
   * The frame's global gain, the encoder's own note of how loud the frame is. A frame without coded
   * values is silence, whatever its gain.
   */
  private static double decibels(ByteBuffer file, int at, int header) {
    boolean mono = Mp3Frames.isMono(header);
    int bit = Mp3Frames.isMpeg1(header) ? (mono ? 30 : 32) : (mono ? 21 : 22);
    boolean protectedByCrc = (header >> 16 & 1) == 0;
    int start = at + (protectedByCrc ? 6 : 4) + bit / 8;
    int values = file.getInt(start) >>> (15 - bit % 8);
    int coded = (values >> 8) & 0x1FF;
    int gain = values & 0xFF;
    return coded == 0 ? Double.NEGATIVE_INFINITY : gain * DECIBELS_PER_GAIN_STEP;
  }
}
