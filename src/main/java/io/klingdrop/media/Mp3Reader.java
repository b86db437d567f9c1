package io.klingdrop.media;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * MP3: length from the encoder's frame count (Xing, Info or VBRI table) when that agrees with the
 * bytes that are there, else by walking every frame. The tables as common encoders write them:
 * flags, frames, bytes; VBRI has bytes and frames at 10 and 14.
 */
final class Mp3Reader {
  private static final int LOOK_FOR_FIRST = 128 * 1024;
  private static final int VBRI_OFFSET = 36;
  private static final int SLACK = 1_500;
  private static final Duration TOLERANCE = Duration.ofMillis(100);

  private Mp3Reader() {}

  static Duration length(FileBytes file) throws MediaException, IOException {
    var start = Id3Tag.skip(file);
    var end = Id3Tag.soundEnd(file);
    var walk = new FrameWalk(file, end, Mp3Frames::at);
    var first = walk.firstFrame(start, start + LOOK_FOR_FIRST);
    var frame = first < end ? Mp3Frames.at(file, first) : Optional.<Frame>empty();
    if (frame.isEmpty()) {
      throw file.damaged("no MP3 sound is found in it");
    }
    var bytes = 0L;
    var frames = 0L;
    var table = first + Mp3Frames.tableOffset(file, first);
    var tagged = file.matches(table, "Xing") || file.matches(table, "Info");
    if (tagged && (file.u8(table + 7) & 3) == 3) {
      frames = file.u32be(table + 8);
      bytes = file.u32be(table + 12);
    } else if (file.matches(first + VBRI_OFFSET, "VBRI")) {
      tagged = true;
      bytes = file.u32be(first + VBRI_OFFSET + 10);
      frames = file.u32be(first + VBRI_OFFSET + 14);
    }
    var claimed = plausible(frames, bytes, frame.get()) ? frames * frame.get().ticks() : 0;
    if (claimed > 0 && Math.abs(end - first - bytes) <= SLACK) {
      return Lengths.of(file, claimed, Frame.TICKS_PER_SECOND);
    }
    var walked = walk.length(tagged ? first + frame.get().bytes() : first);
    if (claimed > 0 && bytes > end - first) {
      var promised = Lengths.of(file, claimed, Frame.TICKS_PER_SECOND);
      if (promised.minus(walked).compareTo(TOLERANCE) > 0) {
        throw file.cutOff();
      }
    }
    return walked;
  }

  /** Whether so many frames fit into so many bytes: between 8 and 320 kilobits, with some room. */
  private static boolean plausible(long frames, long bytes, Frame frame) {
    var bits = bytes * 8 * frame.rate();
    var samples = frames * frame.samples();
    return frames > 0 && bits / samples >= 6_000 && bits / samples <= 400_000;
  }
}
