package io.klingdrop.media;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * MP4, M4A and QuickTime: what the {@code moov} box says, wherever in the file it stands, and the
 * fragments behind it, once all they point to is seen to lie in the file. What stands behind the
 * last part of a whole file is left alone. ISO 14496-12:2022, clause 8.
 */
final class Mp4Reader {
  private static final int MOST_TRACKS = 1_000;
  private static final Duration MOST_PADDING = Duration.ofMillis(500);
  private static final Duration MOST_MISSING = Duration.ofSeconds(1);

  private final FileBytes file;
  private final List<Mp4Track> tracks = new ArrayList<>();
  private boolean indexed;
  private boolean fragmented;
  private long fragmentsFrom;
  private long timescale;
  private long movieTicks;
  private long gapless;
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
    while (reader.advance(top)) {
      if (top.is("moov") && !reader.indexed) {
        reader.indexed = true;
        reader.movie(top.inside());
      }
      if (top.is("moof") && !reader.fragmented) {
        reader.fragmented = true;
        reader.fragmentsFrom = top.start();
      }
    }
    if (top.padded() >= 0 && (!reader.indexed || reader.fragmented)) {
      throw Holes.emptyOr(file.gap(top.padded()), file, 0);
    }
    if (!reader.indexed && !reader.fragmented) {
      throw file.damaged("it has no index (moov box), so it was cut off or never finished");
    }
    if (!reader.allBefore(file.size())) {
      throw file.cutOff();
    }
    return reader;
  }

  /** A box that cannot be is one only where something of the file is still missing. */
  private boolean advance(Mp4Boxes top) throws MediaException, IOException {
    var position = top.next();
    try {
      return top.advance();
    } catch (MediaException e) {
      if (indexed && !fragmented && allBefore(position) && hasSamples()) {
        return false;
      }
      throw e;
    }
  }

  private boolean hasSamples() {
    return tracks.stream().anyMatch(track -> track.samples().count() > 0);
  }

  private boolean allBefore(long position) throws MediaException, IOException {
    for (var track : tracks) {
      if (!track.samples().isBefore(position)) {
        return false;
      }
    }
    return true;
  }

  private void movie(Mp4Boxes boxes) throws MediaException, IOException {
    while (boxes.advance()) {
      if (boxes.is("mvhd")) {
        timescale = boxes.timescale();
        movieTicks = boxes.duration();
      } else if (boxes.is("trak")) {
        if (tracks.size() == MOST_TRACKS) {
          throw file.damaged("it has more than 1,000 tracks");
        }
        tracks.add(Mp4Track.read(file, boxes));
      } else if (boxes.is("udta")) {
        gapless = Math.max(gapless, tags(boxes.inside()));
      } else if (boxes.is("mvex")) {
        extension(boxes.inside());
      }
    }
  }

  /** Tags are a courtesy: odd ones are passed over. */
  private long tags(Mp4Boxes boxes) throws IOException {
    try {
      return Mp4Tags.samples(file, boxes);
    } catch (MediaException e) {
      return 0;
    }
  }

  /** What a fragmented file says ahead: its length at last, and each track's usual sample. */
  private void extension(Mp4Boxes boxes) throws MediaException, IOException {
    while (boxes.advance()) {
      if (boxes.is("mehd") && movieTicks == 0) {
        boxes.needs(8);
        var wide = boxes.isWide();
        boxes.needs(wide ? 12 : 8);
        movieTicks = boxes.ticks(4, wide);
      } else if (boxes.is("trex")) {
        boxes.needs(16);
        if (sampleTicks.size() < MOST_TRACKS) {
          sampleTicks.put(boxes.u32(4), boxes.u32(12));
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

  /** The sound track; the longest one when there are several. */
  Sound sound() throws MediaException, IOException {
    Sound longest = null;
    for (var track : tracks) {
      if (track.isSound()) {
        track.samples().refuseHoles(!hasVideo());
        var sound = sound(track);
        if (longest == null || sound.length().compareTo(longest.length()) > 0) {
          longest = sound;
        }
      }
    }
    if (longest == null) {
      throw new MediaException("the video has no sound track");
    }
    return longest;
  }

  private Sound sound(Mp4Track track) throws MediaException, IOException {
    var fragments = fragments(track);
    var stored = track.stored(fragments);
    if (stored.isEmpty()) {
      stored = track.claimed();
    }
    if (stored.isEmpty()) {
      stored = movieLength();
    }
    var length =
        stored.orElseThrow(() -> new MediaException("the recording does not say how long it is"));
    var codec = track.samples().codec().word();
    if (fragments != null) {
      if (!hasVideo() && !track.samples().codec().plain()) {
        Holes.refuse(file, fragmentsFrom, file.size());
      }
      if (track.claimed().orElse(length).minus(MOST_MISSING).compareTo(length) > 0) {
        throw file.cutOff();
      }
      var lead = track.lead().orElse(Duration.ZERO);
      var padded = lead.compareTo(MOST_PADDING) <= 0 && lead.compareTo(length) < 0;
      return Sound.of(padded ? length.minus(lead) : length, codec);
    }
    var edited = track.edited(timescale);
    if (edited.filter(shown -> shown.plus(MOST_PADDING).compareTo(length) < 0).isPresent()) {
      return new Sound(length, codec, List.of(hidden(edited.get(), length)));
    }
    return Sound.of(
        edited.or(() -> noted(track)).filter(shown -> isPadded(shown, length)).orElse(length),
        codec);
  }

  private static boolean isPadded(Duration shown, Duration stored) {
    return shown.compareTo(stored) < 0 && shown.plus(MOST_PADDING).compareTo(stored) >= 0;
  }

  private static String hidden(Duration shown, Duration stored) {
    return String.format(
        Locale.ROOT,
        "the recording is cut to %.1f s by a list of edits, but %.1f s are stored in it and"
            + " counted; export it anew to send the cut one",
        shown.toMillis() / 1000.0,
        stored.toMillis() / 1000.0);
  }

  /** What the note on gapless playback says; it counts in the ticks of a track of one sound. */
  private Optional<Duration> noted(Mp4Track track) {
    try {
      return Lengths.optional(file, gapless, track.timescale());
    } catch (MediaException e) {
      return Optional.empty();
    }
  }

  /** How long the whole plays, empty when neither the header nor the fragments say. */
  Optional<Duration> videoLength() throws MediaException, IOException {
    var length = movieLength();
    for (var track : tracks) {
      if (track.isVideo() && fragmented) {
        var stored = track.stored(fragments(track));
        return length
            .filter(l -> stored.isEmpty() || l.compareTo(stored.get()) >= 0)
            .or(() -> stored);
      }
    }
    return length;
  }

  private Optional<Duration> movieLength() throws MediaException {
    return Lengths.optional(file, movieTicks, timescale);
  }

  private @Nullable Mp4Fragments fragments(Mp4Track track) throws MediaException, IOException {
    return fragmented
        ? new Mp4Fragments(file, track.id(), sampleTicks.getOrDefault(track.id(), 0L)).count()
        : null;
  }
}
