package io.klingdrop.media;

import java.io.IOException;
import java.util.Optional;

/** AAC in ADTS: length by walking every frame. ISO 14496-3:2009, annex 1.A. */
final class AdtsReader {
  private static final int[] RATES = {
    96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000,
    7_350
  };
  private static final int SAMPLES_PER_BLOCK = 1_024;

  private AdtsReader() {}

  static Sound read(FileBytes file) throws MediaException, IOException {
    var start = Id3Tag.skip(file);
    var end = Id3Tag.soundEnd(file);
    var data = Holes.dataEnd(file, start, end);
    if (data < end) {
      throw file.empty(data);
    }
    var walk = new FrameWalk(file, end, AdtsReader::at);
    var walked = walk.walk(start);
    return new Sound(
        Lengths.of(file, walked.ticks(), Frame.TICKS_PER_SECOND), "aac", walk.oddities(walked));
  }

  /** The sample rate of that index, 0 if it has none. */
  static int rate(int index) {
    return index < RATES.length ? RATES[index] : 0;
  }

  static Optional<Frame> at(FileBytes file, long position) throws MediaException, IOException {
    if (file.u8(position) != 0xff || (file.u8(position + 1) & 0xf6) != 0xf0) {
      return Optional.empty();
    }
    var rate = rate(file.u8(position + 2) >> 2 & 15);
    var bytes = (file.u24be(position + 3) & 0x3ffff) >> 5;
    if (rate == 0 || bytes < 7) {
      return Optional.empty();
    }
    var blocks = (file.u8(position + 6) & 3) + 1;
    return Optional.of(new Frame(bytes, blocks * SAMPLES_PER_BLOCK, rate));
  }
}
