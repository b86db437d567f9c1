package io.klingdrop.media;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * MP4, M4A and QuickTime: what the {@code moov} box says, wherever in the file it stands, once the
 * boxes are seen to cover the file exactly. ISO 14496-12:2022, clause 8.
 */
final class Mp4Reader {
  private static final int MOST_TRACKS = 1_000;

  private final FileBytes file;
  private final List<Mp4Track> tracks = new ArrayList<>();
  private boolean indexed;
  private boolean fragmented;
  private long timescale;
  private long movieTicks;
  private final Map<Long, Long> sampleTicks = new HashMap<>();

  private Mp4Reader(FileBytes file) {
    this.file = file;
  }

  /**
   * @throws MediaException when the boxes do not fit the file, or there is neither a moov nor a
   *     moof
   */
  static Mp4Reader read(FileBytes file) throws MediaException, IOException {
    var reader = new Mp4Reader(file);
    var top = new Mp4Boxes(file, 0, file.size());
    while (top.advance()) {
      if (top.is("moov") && !reader.indexed) {
        reader.indexed = true;
        reader.movie(top.inside());
      }
      reader.fragmented |= top.is("moof");
    }
    if (!reader.indexed && !reader.fragmented) {
      throw file.damaged("it has no index (moov box), so it was cut off or never finished");
    }
    for (var track : reader.tracks) {
      if (!track.isWithin(file)) {
        throw file.cutOff();
      }
    }
    return reader;
  }

  private void movie(Mp4Boxes boxes) throws MediaException, IOException {
    while (boxes.advance()) {
      if (boxes.is("mvhd")) {
        boxes.needs(20);
        var wide = file.u8(boxes.start()) == 1;
        boxes.needs(wide ? 32 : 20);
        timescale = file.u32be(boxes.start() + (wide ? 20 : 12));
        movieTicks = Mp4Track.ticks(file, boxes.start() + (wide ? 24 : 16), wide);
      } else if (boxes.is("trak")) {
        if (tracks.size() == MOST_TRACKS) {
          throw file.damaged("it has more than 1,000 tracks");
        }
        tracks.add(Mp4Track.read(file, boxes));
      } else if (boxes.is("mvex")) {
        extension(boxes.inside());
      }
    }
  }

  /** What a fragmented file says ahead: its length at last, and each track's usual sample. */
  private void extension(Mp4Boxes boxes) throws MediaException, IOException {
    while (boxes.advance()) {
      if (boxes.is("mehd") && movieTicks == 0) {
        boxes.needs(8);
        var wide = file.u8(boxes.start()) == 1;
        boxes.needs(wide ? 12 : 8);
        movieTicks = Mp4Track.ticks(file, boxes.start() + 4, wide);
      } else if (boxes.is("trex")) {
        boxes.needs(16);
        if (sampleTicks.size() < MOST_TRACKS) {
          sampleTicks.put(file.u32be(boxes.start() + 4), file.u32be(boxes.start() + 12));
        }
      }
    }
  }

  boolean hasSound() {
    return tracks.stream().anyMatch(Mp4Track::isSound);
  }

  boolean hasVideo() {
    return tracks.stream().anyMatch(Mp4Track::isVideo);
  }

  /** How long the sound track plays; the first one when there are several. */
  Duration soundLength() throws MediaException, IOException {
    var sound =
        first(Mp4Track::isSound)
            .orElseThrow(() -> new MediaException("the video has no sound track"));
    var length = sound.length(file, timescale);
    if (length.isEmpty()) {
      length = fragments(sound);
    }
    if (length.isEmpty()) {
      length = movieLength();
    }
    return length.orElseThrow(
        () -> new MediaException("the recording does not say how long it is"));
  }

  /** How long the whole plays, empty when neither the header nor the fragments say. */
  Optional<Duration> videoLength() throws MediaException, IOException {
    var length = movieLength();
    var video = first(Mp4Track::isVideo);
    return length.isPresent() || video.isEmpty() ? length : fragments(video.get());
  }

  private Optional<Duration> movieLength() throws MediaException {
    return Lengths.optional(file, movieTicks, timescale);
  }

  private Optional<Duration> fragments(Mp4Track track) throws MediaException, IOException {
    if (!fragmented) {
      return Optional.empty();
    }
    var each = sampleTicks.getOrDefault(track.id(), 0L);
    var ticks = new Mp4Fragments(file, track.id(), each).ticks();
    return Lengths.optional(file, ticks, track.timescale());
  }

  private Optional<Mp4Track> first(Predicate<Mp4Track> wanted) {
    return tracks.stream().filter(wanted).findFirst();
  }
}
