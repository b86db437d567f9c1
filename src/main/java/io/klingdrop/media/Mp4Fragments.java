package io.klingdrop.media;

import java.io.IOException;

/**
 * Adds up the {@code moof} boxes of one track, whether the {@code moov} has samples of its own or
 * not. ISO 14496-12:2022, clause 8.8.
 */
final class Mp4Fragments {
  private static final int MOST_SAMPLES = 10_000_000;
  private static final long MOST_TICKS = 1L << 60;

  private final FileBytes file;
  private final long track;
  private final long movieDefault;
  private long ticks;
  private long samples;

  /**
   * @param track the track to count
   * @param movieDefault ticks of a sample that no fragment states, from {@code trex}
   */
  Mp4Fragments(FileBytes file, long track, long movieDefault) {
    this.file = file;
    this.track = track;
    this.movieDefault = movieDefault;
  }

  /** Counts the track in all fragments of the file. */
  Mp4Fragments count() throws MediaException, IOException {
    new Mp4Boxes(file, 0, file.size()).each("moof", moof -> moof.each("traf", this::addTrack));
    return this;
  }

  /** The track's ticks, 0 when there are none. */
  long ticks() {
    return ticks;
  }

  /** The track's samples, 0 when there are none. */
  long samples() {
    return samples;
  }

  private void addTrack(Mp4Boxes boxes) throws MediaException, IOException {
    var mine = false;
    var each = movieDefault;
    while (boxes.advance()) {
      if (boxes.is("tfhd")) {
        boxes.needs(8);
        mine = boxes.u32(4) == track;
        var flags = file.u24be(boxes.start() + 1);
        if ((flags & 8) != 0) {
          var before = 8 + ((flags & 1) != 0 ? 8 : 0) + ((flags & 2) != 0 ? 4 : 0);
          boxes.needs(before + 4);
          each = boxes.u32(before);
        }
      } else if (mine && boxes.is("trun")) {
        addRun(boxes, each);
      }
    }
  }

  private void addRun(Mp4Boxes run, long each) throws MediaException, IOException {
    run.needs(8);
    var flags = file.u24be(run.start() + 1);
    var count = run.u32(4);
    if (count > MOST_SAMPLES) {
      throw file.damaged("a fragment claims more than 10,000,000 samples");
    }
    samples += count;
    if ((flags & 0x100) == 0) {
      add(count * each);
      return;
    }
    var stride = 4 * Integer.bitCount(flags & 0xf00);
    var first = 8 + ((flags & 1) != 0 ? 4 : 0) + ((flags & 4) != 0 ? 4 : 0);
    run.needs(first + count * stride);
    for (var sample = 0L; sample < count; sample++) {
      add(run.u32(first + sample * stride));
    }
  }

  private void add(long more) throws MediaException {
    ticks += more;
    if (ticks > MOST_TICKS) {
      throw file.damaged("it claims an impossible length");
    }
  }
}
