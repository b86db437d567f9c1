package io.klingdrop.media;

import java.io.IOException;

/**
 * Finds the way around ID3 and APE tags without reading what is in them. ID3v2.4 structure,
 * 2000-11-01; APEv2 as written by common taggers.
 */
final class Id3Tag {
  private static final int HEADER = 10;
  private static final int MOST_TAGS = 16;

  private Id3Tag() {}

  /** Bytes of the ID3v2 tag at this position with header and footer, 0 when there is none. */
  static long length(FileBytes file, long position) throws MediaException, IOException {
    if (!file.matches(position, "ID3") || !file.has(position, HEADER)) {
      return 0;
    }
    var length = 0L;
    for (int i = 6; i < HEADER; i++) {
      var sevenBits = file.u8(position + i);
      if (sevenBits > 0x7f) {
        return 0;
      }
      length = length << 7 | sevenBits;
    }
    return HEADER + length + ((file.u8(position + 5) & 0x10) != 0 ? HEADER : 0);
  }

  /**
   * Where the sound starts: behind the tags at the front.
   *
   * @throws MediaException when a tag reaches past the end of the file
   */
  static long skip(FileBytes file) throws MediaException, IOException {
    var position = 0L;
    for (int tags = 0; tags < MOST_TAGS; tags++) {
      var length = length(file, position);
      if (length == 0) {
        break;
      }
      position += length;
      if (!file.has(position, 1)) {
        throw file.cutOff();
      }
    }
    return position;
  }

  /** Where the sound ends: before an ID3v1 and an APE tag at the back. */
  static long soundEnd(FileBytes file) throws MediaException, IOException {
    var end = file.size();
    if (file.matches(end - 128, "TAG")) {
      end -= 128;
    }
    if (file.matches(end - 32, "APETAGEX")) {
      var length = file.u32le(end - 20) + ((file.u8(end - 9) & 0x80) != 0 ? 32 : 0);
      end -= length <= end ? length : 0;
    }
    return end;
  }
}
