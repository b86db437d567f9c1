package io.klingdrop.media;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One track as its {@code trak} box describes it. ISO 14496-12:2022, clauses 8.3 to 8.6. */
final class Mp4Track {
  private final FileBytes file;
  private final Mp4Samples samples;
  private long id;
  private String handler = "";
  private long timescale;
  private long mediaTicks;
  private long editedTicks;
  private long leadTicks = -1;

  private Mp4Track(FileBytes file) {
    this.file = file;
    this.samples = new Mp4Samples(file);
  }

  static Mp4Track read(FileBytes file, Mp4Boxes trak) throws MediaException, IOException {
    var track = new Mp4Track(file);
    var boxes = trak.inside();
    while (boxes.advance()) {
      if (boxes.is("tkhd")) {
        boxes.needs(36);
        track.id = boxes.u32(boxes.isWide() ? 20 : 12);
      } else if (boxes.is("edts")) {
        track.edits(boxes.inside());
      } else if (boxes.is("mdia")) {
        track.media(boxes.inside());
      }
    }
    return track;
  }

  /** Adds up what the edit list shows, pauses left out. */
  private void edits(Mp4Boxes boxes) throws MediaException, IOException {
    while (boxes.advance()) {
      if (boxes.is("elst")) {
        boxes.needs(8);
        var wide = boxes.isWide();
        var entries = boxes.u32(4);
        boxes.needs(8 + entries * (wide ? 20 : 12));
        for (var entry = 0L; entry < Math.min(entries, 10_000); entry++) {
          var offset = 8 + entry * (wide ? 20 : 12);
          var from = boxes.u32(offset + (wide ? 12 : 4));
          if (from != Mp4Boxes.UNKNOWN_32) {
            leadTicks = leadTicks < 0 ? from : leadTicks;
            editedTicks += Math.max(0, boxes.ticks(offset, wide));
          }
        }
      }
    }
  }

  private void media(Mp4Boxes boxes) throws MediaException, IOException {
    while (boxes.advance()) {
      if (boxes.is("mdhd")) {
        timescale = boxes.timescale();
        mediaTicks = boxes.duration();
      } else if (boxes.is("hdlr")) {
        boxes.needs(12);
        handler = file.code(boxes.start() + 8);
      } else if (boxes.is("minf")) {
        boxes.inside().each("stbl", samples::read);
      }
    }
  }

  Mp4Samples samples() {
    return samples;
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

  /** The length its header claims. */
  Optional<Duration> claimed() throws MediaException {
    return Lengths.optional(file, mediaTicks, timescale);
  }

  /** What the edit list leaves out at the front: the encoder's own. */
  Optional<Duration> lead() throws MediaException {
    return leadTicks > 0 ? Lengths.optional(file, leadTicks, timescale) : Optional.empty();
  }

  /** How much of it the edit list shows, empty if there is none. */
  Optional<Duration> edited(long movieTimescale) throws MediaException {
    return editedTicks > 0 && movieTimescale > 0
        ? Lengths.optional(file, editedTicks, movieTimescale)
        : Optional.empty();
  }

  /**
   * How long the samples play, those of the index and those of the fragments; where the packets of
   * a known codec make far more sound than their times say, what they make.
   *
   * @param fragments the track in the fragments, null if the file has none
   */
  Optional<Duration> stored(@Nullable Mp4Fragments fragments) throws MediaException {
    var ticks = samples.ticks() + (fragments == null ? 0 : fragments.ticks());
    var count = samples.count() + (fragments == null ? 0 : fragments.samples());
    var timed = Lengths.optional(file, ticks, timescale);
    var codec = samples.codec();
    if (codec.perSecond() == 0) {
      return timed;
    }
    var made = Lengths.optional(file, count * codec.perPacket(), codec.perSecond());
    var far = timed.orElse(Duration.ZERO).plusMillis(500);
    return made.filter(length -> length.compareTo(far) > 0).or(() -> timed);
  }
}
