package io.klingdrop.media;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** AAC in ADTS: length by walking every frame. ISO 14496-3:2009, annex 1.A. */
final class AdtsReader {
  private static final int[] RATES = {
    96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000,
    7_350
  };
  private static final int SAMPLES_PER_BLOCK = 1_024;

  private AdtsReader() {}

  static Duration length(FileBytes file) throws MediaException, IOException {
    var start = Id3Tag.skip(file);
    return new FrameWalk(file, Id3Tag.soundEnd(file), AdtsReader::at).length(start);
  }

  static Optional<Frame> at(FileBytes file, long position) throws MediaException, IOException {
    if (file.u8(position) != 0xff || (file.u8(position + 1) & 0xf6) != 0xf0) {
      return Optional.empty();
    }
    var rate = file.u8(position + 2) >> 2 & 15;
    var bytes = (file.u24be(position + 3) & 0x3ffff) >> 5;
    if (rate >= RATES.length || bytes < 7) {
      return Optional.empty();
    }
    var blocks = (file.u8(position + 6) & 3) + 1;
    return Optional.of(new Frame(bytes, blocks * SAMPLES_PER_BLOCK, RATES[rate]));
  }
}
