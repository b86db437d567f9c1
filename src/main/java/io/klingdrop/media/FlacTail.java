package io.klingdrop.media;

import java.io.IOException;

/**
 * The last frames of a FLAC file: each says which samples it holds, so they tell whether the end is
 * there. A header counts when its own checksum is right. RFC 9639 section 9.1, 2024-12.
 *
 * @param sound where the first frame starts
 * @param end where the last one ends, or what lies behind it
 * @param blockSize samples of a frame, as STREAMINFO says
 * @param largestFrame in bytes, 0 when STREAMINFO does not say
 */
record FlacTail(FileBytes file, long sound, long end, int blockSize, int largestFrame) {
  private static final int SHORTEST_LOOK = 128 * 1024;
  private static final int LONGEST_LOOK = 4 * 1024 * 1024;

  /** Whether a frame ends with this sample. */
  boolean endsAt(long total) throws MediaException, IOException {
    return scan(total) == total;
  }

  /** The highest sample number that a frame ends with, 0 when there is no frame. */
  long lastSample() throws MediaException, IOException {
    return scan(-1);
  }

  private long scan(long wanted) throws MediaException, IOException {
    var look = Math.min(LONGEST_LOOK, Math.max(SHORTEST_LOOK, 2 * largestFrame));
    var highest = 0L;
    for (var position = Math.max(sound, end - look);
        position < end && file.has(position, 16);
        position++) {
      if (file.u8(position) == 0xff && (file.u8(position + 1) & 0xfe) == 0xf8) {
        var end = frameEnd(position);
        if (end == wanted) {
          return end;
        }
        highest = Math.max(highest, end);
      }
    }
    return highest;
  }

  /** The sample after this frame's last one, 0 when no frame header stands here. */
  private long frameEnd(long position) throws MediaException, IOException {
    var sizeCode = file.u8(position + 2) >> 4;
    var rateCode = file.u8(position + 2) & 15;
    var first = file.u8(position + 4);
    var extra = first < 0x80 ? 0 : Integer.numberOfLeadingZeros(~(first << 24)) - 1;
    if (sizeCode == 0 || rateCode == 15 || extra > 6 || (first >= 0x80 && extra == 0)) {
      return 0;
    }
    var number = (long) (first & (first < 0x80 ? 0x7f : 0x3f >> extra));
    for (int i = 1; i <= extra; i++) {
      number = number << 6 | (file.u8(position + 4 + i) & 0x3f);
    }
    var next = position + 5 + extra;
    var samples = samples(sizeCode, next);
    next += sizeCode == 6 ? 1 : sizeCode == 7 ? 2 : 0;
    next += rateCode == 12 ? 1 : rateCode > 12 ? 2 : 0;
    if (!file.has(next, 1) || crc(position, next) != file.u8(next)) {
      return 0;
    }
    var fixed = (file.u8(position + 1) & 1) == 0;
    return (fixed ? number * blockSize : number) + samples;
  }

  private int samples(int sizeCode, long next) throws MediaException, IOException {
    if (sizeCode == 1) {
      return 192;
    }
    if (sizeCode <= 5) {
      return 144 << sizeCode;
    }
    return switch (sizeCode) {
      case 6 -> file.u8(next) + 1;
      case 7 -> file.u16be(next) + 1;
      default -> 1 << sizeCode;
    };
  }

  /** CRC-8 with the polynomial x8 + x2 + x + 1. */
  private int crc(long from, long to) throws MediaException, IOException {
    var crc = 0;
    for (var position = from; position < to; position++) {
      crc ^= file.u8(position);
      for (int bit = 0; bit < 8; bit++) {
        crc = crc << 1 ^ (crc >= 0x80 ? 0x107 : 0);
      }
    }
    return crc;
  }
}
