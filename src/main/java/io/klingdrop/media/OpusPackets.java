package io.klingdrop.media;

import java.io.IOException;

/**
 * How long the packets of an Opus stream play, by the first byte or two of each. RFC 6716, 2012-09,
 * section 3.
 */
final class OpusPackets {
  private static final int[] SILK = {480, 960, 1_920, 2_880};
  private static final int[] HYBRID = {480, 960};
  private static final int[] CELT = {120, 240, 480, 960};

  private OpusPackets() {}

  /**
   * Samples per channel at 48,000 a second.
   *
   * @param bytes of the packet that lie on this page, 1 or more
   */
  static int samples(FileBytes file, long position, int bytes) throws MediaException, IOException {
    var first = file.u8(position);
    var mode = first >> 3;
    var each = mode < 12 ? SILK[mode & 3] : mode < 16 ? HYBRID[mode & 1] : CELT[mode & 3];
    return switch (first & 3) {
      case 0 -> each;
      case 3 -> bytes < 2 ? 0 : each * (file.u8(position + 1) & 63);
      default -> 2 * each;
    };
  }
}
