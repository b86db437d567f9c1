package io.klingdrop.media;

import java.io.IOException;
import java.util.Optional;

/**
 * The frame header of MPEG audio, layer III: four bytes, high byte first. ISO 11172-3:1993 and
 * 13818-3:1998, clause 2.4.
 */
public final class Mp3Frames {
  private static final int[] KBITS_1 = {
    0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320
  };
  private static final int[] KBITS_2 = {
    0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160
  };
  private static final int[] RATES = {44_100, 48_000, 32_000};

  private Mp3Frames() {}

  static Optional<Frame> at(FileBytes file, long position) throws MediaException, IOException {
    return file.u8(position) == 0xff ? of((int) file.u32be(position)) : Optional.empty();
  }

  /** Empty for free bit rate too: without a rate, a frame does not say where it ends. */
  public static Optional<Frame> of(int header) {
    var version = header >> 19 & 3;
    var bitrate = header >> 12 & 15;
    var rate = header >> 10 & 3;
    if ((header & 0xffe60000) != 0xffe20000
        || version == 1
        || bitrate == 0
        || bitrate == 15
        || rate == 3) {
      return Optional.empty();
    }
    var one = isMpeg1(header);
    var kbits = one ? KBITS_1[bitrate] : KBITS_2[bitrate];
    var hertz = RATES[rate] >> (one ? 0 : version == 2 ? 1 : 2);
    var bytes = (one ? 144 : 72) * kbits * 1_000 / hertz + (header >> 9 & 1);
    return Optional.of(new Frame(bytes, one ? 1_152 : 576, hertz));
  }

  /** Where, from the start of a frame, an encoder puts its Xing or Info table. */
  public static int tableOffset(int header) {
    var mono = isMono(header);
    return 4 + (isMpeg1(header) ? (mono ? 17 : 32) : (mono ? 9 : 17));
  }

  /** Whether it is MPEG-1, not one of the lower rates of MPEG-2. */
  public static boolean isMpeg1(int header) {
    return (header >> 19 & 3) == 3;
  }

  public static boolean isMono(int header) {
    return (header >> 6 & 3) == 3;
  }
}
