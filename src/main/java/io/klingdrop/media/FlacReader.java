package io.klingdrop.media;

import java.io.IOException;

/**
 * FLAC: length from STREAMINFO, or from the last frame when a pipe left it open. RFC 9639, 2024.
 */
final class FlacReader {
  private static final int MOST_BLOCKS = 10_000;
  private static final int STREAM_INFO = 8;

  private FlacReader() {}

  static Sound read(FileBytes file) throws MediaException, IOException {
    var start = Id3Tag.skip(file);
    var info = start + STREAM_INFO;
    if ((file.u8(start + 4) & 0x7f) != 0 || file.u24be(start + 5) != 34) {
      throw file.damaged("its first block does not describe the sound");
    }
    var rate = file.u24be(info + 10) >> 4;
    var total = (file.i64be(info + 10) & 0xf_ffff_ffffL);
    if (rate == 0) {
      throw file.damaged("its header gives it no sample rate");
    }
    var sound = afterBlocks(file, start + 4);
    var end = Id3Tag.soundEnd(file);
    var data = Holes.dataEnd(file, sound, end);
    var tail = new FlacTail(file, sound, data, file.u16be(info + 2), file.u24be(info + 7));
    if (total == 0 ? data < end : !tail.endsAt(total)) {
      throw data < end ? file.empty(data) : file.cutOff();
    }
    Holes.refuse(file, sound, data);
    return Sound.of(Lengths.of(file, total == 0 ? tail.lastSample() : total, rate), "flac");
  }

  private static long afterBlocks(FileBytes file, long start) throws MediaException, IOException {
    var position = start;
    for (int blocks = 0; blocks < MOST_BLOCKS; blocks++) {
      var last = file.u8(position) >= 0x80;
      position += 4 + file.u24be(position + 1);
      if (last) {
        return position;
      }
    }
    throw file.damaged("it has more than 10,000 blocks before the sound");
  }
}
