package io.klingdrop.media;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Counts the frames of a bare stream (MP3, ADTS), whose length no header tells. In step, a frame
 * starts where the one before it ends; out of step, a sync word counts only when a second frame of
 * the same rate follows it, so chance bytes in tags or junk are not taken for sound. Every byte is
 * looked at once or twice, and the walk ends once a megabyte was no sound.
 */
record FrameWalk(FileBytes file, long end, Syntax syntax) {
  private static final int LOOK_FOR_SECOND = 8 * 1024;
  private static final int MOST_JUNK = 1024 * 1024;
  private static final int BLOCK = 4_096;

  /** How one format writes the header of a frame. */
  @FunctionalInterface
  interface Syntax {
    /** The frame whose header stands at this position, empty when none does. */
    Optional<Frame> at(FileBytes file, long position) throws MediaException, IOException;
  }

  /**
   * What a walk has counted.
   *
   * @param frames the whole ones
   * @param ticks how long they play, {@link Frame#TICKS_PER_SECOND}
   * @param cut whether the last frame is not all there
   */
  record Walked(long frames, long ticks, boolean cut) {}

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

  /** Whether so many frames of one rate stand here in a row. */
  boolean runsFrom(long position, int frames) throws MediaException, IOException {
    var next = position;
    var rate = 0;
    for (int i = 0; i < frames; i++) {
      var frame = frameAt(next);
      if (frame.isEmpty() || (i > 0 && frame.get().rate() != rate)) {
        return false;
      }
      rate = frame.get().rate();
      next += frame.get().bytes();
    }
    return true;
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
   * @throws MediaException when most of the bytes or a megabyte of them are no sound, or when zeros
   *     stand where sound ought to be
   */
  Walked walk(long start) throws MediaException, IOException {
    var frames = 0L;
    var ticks = 0L;
    var junk = 0L;
    var zeros = 0;
    var position = start;
    var inStep = true;
    while (position < end) {
      var frame = inStep || inStep(position) ? frameAt(position) : Optional.<Frame>empty();
      if (frame.isPresent()) {
        inStep = true;
        zeros = 0;
        position += frame.get().bytes();
        if (position > end) {
          return new Walked(frames, ticks, true);
        }
        frames++;
        ticks += frame.get().ticks();
        continue;
      }
      inStep = false;
      var tag = Id3Tag.length(file, position);
      if (tag > 0 && tag <= end - position) {
        position += tag;
        continue;
      }
      zeros = file.u8(position) == 0 ? zeros + 1 : 0;
      if (zeros == Holes.HOLE) {
        throw file.gap(position + 1 - zeros);
      }
      if (++junk > MOST_JUNK) {
        throw file.damaged("more than a megabyte of it is not sound");
      }
      position++;
    }
    if (junk > (end - start) / 2) {
      throw file.damaged("more than half of it is not sound");
    }
    return new Walked(frames, ticks, false);
  }

  /**
   * What is to be said of a stream whose last frame is cut. Recorders and tools that cut without
   * care leave such streams, and they play; a copy that stopped is filled up to a whole block.
   */
  List<String> oddities(Walked walked) throws MediaException {
    if (!walked.cut()) {
      return List.of();
    }
    if (end == file.size() && file.size() % BLOCK == 0) {
      throw file.cutOff();
    }
    return List.of(
        "the last frame of the recording is cut off; if the end is missing, copy the file again");
  }

  private Optional<Frame> frameAt(long position) throws MediaException, IOException {
    return position < end && file.has(position, 7) ? syntax.at(file, position) : Optional.empty();
  }
}
