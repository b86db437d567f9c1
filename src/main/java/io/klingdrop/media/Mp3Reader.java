package io.klingdrop.media;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * MP3: length by walking every frame, so that no table has to be believed; a table tells whether
 * the stream is whole and what of it is padding.
 */
final class Mp3Reader {
  private static final int LOOK_FOR_FIRST = 128 * 1024;
  private static final int SLACK = 1_500;
  private static final long TOLERANCE = Frame.TICKS_PER_SECOND / 10;

  private Mp3Reader() {}

  static Sound read(FileBytes file) throws MediaException, IOException {
    var start = Id3Tag.skip(file);
    var end = Id3Tag.soundEnd(file);
    var first = new FrameWalk(file, end, Mp3Frames::at).firstFrame(start, start + LOOK_FOR_FIRST);
    var frame = first < end ? Mp3Frames.at(file, first) : Optional.<Frame>empty();
    if (frame.isEmpty()) {
      throw file.damaged("no MP3 sound is found in it");
    }
    var table = Mp3Table.at(file, first, frame.get());
    var data = Holes.dataEnd(file, first, end);
    if (data < end && (table.bytes() == 0 || first + table.bytes() > data + SLACK)) {
      throw file.empty(data);
    }
    var soundEnd = data < end ? Math.min(end, first + table.bytes()) : end;
    var walk = new FrameWalk(file, soundEnd, Mp3Frames::at);
    var walked = walk.walk(table.stands() ? first + frame.get().bytes() : first);
    var promised = table.frames() * frame.get().ticks();
    if (table.bytes() > end - first && promised - walked.ticks() > TOLERANCE) {
      throw file.cutOff();
    }
    var known = Math.abs(table.frames() - walked.frames()) <= 1;
    var padding = known ? table.padding() * (Frame.TICKS_PER_SECOND / frame.get().rate()) : 0;
    var ticks = padding < walked.ticks() ? walked.ticks() - padding : walked.ticks();
    return new Sound(
        Lengths.of(file, ticks, Frame.TICKS_PER_SECOND),
        "mp3",
        table.frames() > 0 ? List.of() : walk.oddities(walked));
  }
}
