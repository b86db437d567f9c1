package io.klingdrop.media;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Adds up the frames of a bare stream (MP3, ADTS), whose length no header tells. In step, a frame
 * starts where the one before it ends; out of step, a sync word counts only when a second frame of
 * the same rate follows it, so chance bytes in tags or junk are not taken for sound. Every byte is
 * looked at once or twice.
 */
final class FrameWalk {
  private static final int LOOK_FOR_SECOND = 8 * 1024;

  private final FileBytes file;
  private final Syntax syntax;
  private final long end;

  FrameWalk(FileBytes file, long end, Syntax syntax) {
    this.file = file;
    this.end = end;
    this.syntax = syntax;
  }

  /** How one format writes the header of a frame. */
  @FunctionalInterface
  interface Syntax {
    /** The frame whose header stands at this position, empty when none does. */
    Optional<Frame> at(FileBytes file, long position) throws MediaException, IOException;
  }

  /** Whether a stream starts here: a frame, and soon behind it the stream in step. */
  boolean startsAt(long position) throws MediaException, IOException {
    var frame = frameAt(position);
    if (frame.isEmpty()) {
      return false;
    }
    var next = position + frame.get().bytes();
    return next == end
        || firstFrame(next, next + LOOK_FOR_SECOND) < Math.min(end, next + LOOK_FOR_SECOND);
  }

  /** The first position from {@code start}, before {@code limit}, where the stream gets in step. */
  long firstFrame(long start, long limit) throws MediaException, IOException {
    var position = start;
    while (position < Math.min(limit, end) && !inStep(position)) {
      position++;
    }
    return position;
  }

  /** Whether two frames of one rate follow each other here, or one fills the rest of the file. */
  boolean inStep(long position) throws MediaException, IOException {
    var frame = frameAt(position);
    if (frame.isEmpty()) {
      return false;
    }
    var next = position + frame.get().bytes();
    return next == end
        || frameAt(next).filter(other -> other.rate() == frame.get().rate()).isPresent();
  }

  /**
   * @throws MediaException when the last frame is not all there, when most of the bytes are no
   *     sound, or when there is none
   */
  Duration length(long start) throws MediaException, IOException {
    var ticks = 0L;
    var junk = 0L;
    var position = start;
    var inStep = true;
    while (position < end) {
      var frame = inStep || inStep(position) ? frameAt(position) : Optional.<Frame>empty();
      if (frame.isEmpty()) {
        var tag = Id3Tag.length(file, position);
        inStep = false;
        junk += tag > 0 ? 0 : 1;
        position += Math.max(1, tag);
        continue;
      }
      inStep = true;
      position += frame.get().bytes();
      if (position > end) {
        throw file.cutOff();
      }
      ticks += frame.get().ticks();
    }
    if (junk > (end - start) / 2) {
      throw file.damaged("more than half of it is not sound");
    }
    return Lengths.of(file, ticks, Frame.TICKS_PER_SECOND);
  }

  private Optional<Frame> frameAt(long position) throws MediaException, IOException {
    return position < end && file.has(position, 7) ? syntax.at(file, position) : Optional.empty();
  }
}
