package io.klingdrop.media;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** One track as its {@code trak} box describes it. ISO 14496-12:2022, clauses 8.3 and 8.4. */
final class Mp4Track {
  private static final long UNKNOWN_32 = 0xffff_ffffL;

  private long id;
  private String handler = "";
  private long timescale;
  private long mediaTicks;
  private long movieTicks;
  private long lastChunk;

  private Mp4Track() {}

  static Mp4Track read(FileBytes file, Mp4Boxes trak) throws MediaException, IOException {
    var track = new Mp4Track();
    var boxes = trak.inside();
    while (boxes.advance()) {
      if (boxes.is("tkhd")) {
        boxes.needs(36);
        var wide = file.u8(boxes.start()) == 1;
        track.id = file.u32be(boxes.start() + (wide ? 20 : 12));
        track.movieTicks = ticks(file, boxes.start() + (wide ? 28 : 20), wide);
      } else if (boxes.is("mdia")) {
        track.media(file, boxes.inside());
      }
    }
    return track;
  }

  private void media(FileBytes file, Mp4Boxes boxes) throws MediaException, IOException {
    while (boxes.advance()) {
      if (boxes.is("mdhd")) {
        boxes.needs(20);
        var wide = file.u8(boxes.start()) == 1;
        boxes.needs(wide ? 32 : 20);
        timescale = file.u32be(boxes.start() + (wide ? 20 : 12));
        mediaTicks = ticks(file, boxes.start() + (wide ? 24 : 16), wide);
      } else if (boxes.is("hdlr")) {
        boxes.needs(12);
        handler = file.code(boxes.start() + 8);
      } else if (boxes.is("minf")) {
        information(file, boxes.inside());
      }
    }
  }

  private void information(FileBytes file, Mp4Boxes boxes) throws MediaException, IOException {
    while (boxes.advance()) {
      if (boxes.is("stbl")) {
        samples(file, boxes.inside());
      }
    }
  }

  /** The offsets of a track's chunks rise, so the last one tells whether its media is there. */
  private void samples(FileBytes file, Mp4Boxes boxes) throws MediaException, IOException {
    while (boxes.advance()) {
      var wide = boxes.is("co64");
      if (wide || boxes.is("stco")) {
        boxes.needs(8);
        var count = file.u32be(boxes.start() + 4);
        boxes.needs(8 + count * (wide ? 8 : 4));
        var last = boxes.start() + 8 + (count - 1) * (wide ? 8 : 4);
        lastChunk = count == 0 ? 0 : wide ? file.i64be(last) : file.u32be(last);
      }
    }
  }

  /** A duration field; all ones mean that the writer did not know, told here as 0. */
  static long ticks(FileBytes file, long position, boolean wide)
      throws MediaException, IOException {
    var ticks = wide ? file.i64be(position) : file.u32be(position);
    return ticks == (wide ? -1L : UNKNOWN_32) ? 0 : ticks;
  }

  /** Whether the media that the track points to lies within the file. */
  boolean isWithin(FileBytes file) {
    return lastChunk == 0 || file.has(lastChunk, 1);
  }

  boolean isSound() {
    return handler.equals("soun");
  }

  boolean isVideo() {
    return handler.equals("vide");
  }

  long id() {
    return id;
  }

  long timescale() {
    return timescale;
  }

  /**
   * How long the track plays: its own length, or the movie's view of it when an edit list trims it.
   */
  Optional<Duration> length(FileBytes file, long movieTimescale) throws MediaException {
    var own = Lengths.optional(file, mediaTicks, timescale);
    if (own.isEmpty() || movieTicks <= 0 || movieTimescale <= 0) {
      return own;
    }
    var trimmed = Lengths.optional(file, movieTicks, movieTimescale);
    return trimmed.filter(length -> length.compareTo(own.get()) < 0).or(() -> own);
  }
}
