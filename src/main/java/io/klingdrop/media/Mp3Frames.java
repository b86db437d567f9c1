package io.klingdrop.media;

import java.io.IOException;
import java.util.Optional;

/** The frame header of MPEG audio, layer III. ISO 11172-3:1993 and 13818-3:1998, clause 2.4. */
final class Mp3Frames {
  private static final int[] KBITS_1 = {
    0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320
  };
  private static final int[] KBITS_2 = {
    0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160
  };
  private static final int[] RATES = {44_100, 48_000, 32_000};

  private Mp3Frames() {}

  /** Empty for free bit rate too: without a rate, a frame does not say where it ends. */
  static Optional<Frame> at(FileBytes file, long position) throws MediaException, IOException {
    if (file.u8(position) != 0xff) {
      return Optional.empty();
    }
    var second = file.u8(position + 1);
    var third = file.u8(position + 2);
    var version = second >> 3 & 3;
    var bitrate = third >> 4;
    var rate = third >> 2 & 3;
    if ((second & 0xe6) != 0xe2 || version == 1 || bitrate == 0 || bitrate == 15 || rate == 3) {
      return Optional.empty();
    }
    var one = version == 3;
    var kbits = one ? KBITS_1[bitrate] : KBITS_2[bitrate];
    var hertz = RATES[rate] >> (one ? 0 : version == 2 ? 1 : 2);
    var bytes = (one ? 144 : 72) * kbits * 1_000 / hertz + (third >> 1 & 1);
    return Optional.of(new Frame(bytes, one ? 1_152 : 576, hertz));
  }

  /** Where, from the start of a frame, an encoder puts its Xing or Info table. */
  static int tableOffset(FileBytes file, long position) throws MediaException, IOException {
    var one = (file.u8(position + 1) >> 3 & 3) == 3;
    var mono = file.u8(position + 3) >> 6 == 3;
    return 4 + (one ? (mono ? 17 : 32) : (mono ? 9 : 17));
  }
}
