package io.klingdrop.media;

import java.io.IOException;

/**
 * What an encoder wrote about the whole stream into its first frame: the Xing, Info or VBRI table
 * as common encoders write them. Xing and Info have flags, frames, bytes; LAME and ffmpeg put
 * behind the table's 100 + 4 bytes their name and, 21 bytes on, the samples added in front and
 * behind, 12 bits each. VBRI has bytes and frames at 10 and 14.
 *
 * @param stands whether there is such a table, so that the frame is no sound
 * @param frames how many follow it, 0 if the table does not say or claims what cannot be
 * @param bytes from this frame to the end of the sound, 0 likewise
 * @param padding samples among them that are no part of the recording, 0 if it does not say
 */
record Mp3Table(boolean stands, long frames, long bytes, int padding) {
  private static final int VBRI_OFFSET = 36;
  private static final int FRAMES_AND_BYTES = 3;
  private static final int SEEK_POINTS = 4;
  private static final int QUALITY = 8;

  static Mp3Table at(FileBytes file, long first, Frame frame) throws MediaException, IOException {
    var table = first + Mp3Frames.tableOffset((int) file.u32be(first));
    if (file.matches(table, "Xing") || file.matches(table, "Info")) {
      var flags = file.u8(table + 7);
      if ((flags & FRAMES_AND_BYTES) != FRAMES_AND_BYTES) {
        return new Mp3Table(true, 0, 0, 0);
      }
      var behind =
          table + 16 + ((flags & SEEK_POINTS) != 0 ? 100 : 0) + ((flags & QUALITY) != 0 ? 4 : 0);
      return checked(
          file.u32be(table + 8),
          file.u32be(table + 12),
          padding(file, behind, first, frame),
          frame);
    }
    if (file.matches(first + VBRI_OFFSET, "VBRI")) {
      return checked(
          file.u32be(first + VBRI_OFFSET + 14), file.u32be(first + VBRI_OFFSET + 10), 0, frame);
    }
    return new Mp3Table(false, 0, 0, 0);
  }

  private static int padding(FileBytes file, long name, long first, Frame frame)
      throws MediaException, IOException {
    if (name + 24 > first + frame.bytes()
        || !(file.matches(name, "LAME")
            || file.matches(name, "Lavf")
            || file.matches(name, "Lavc"))) {
      return 0;
    }
    var both = file.u24be(name + 21);
    return (both >> 12) + (both & 0xfff);
  }

  /** Whether so many frames fit into so many bytes: between 8 and 320 kilobits, with some room. */
  private static Mp3Table checked(long frames, long bytes, int padding, Frame frame) {
    var bits = bytes * 8 * frame.rate();
    var samples = frames * frame.samples();
    return frames > 0 && bits / samples >= 6_000 && bits / samples <= 400_000
        ? new Mp3Table(true, frames, bytes, padding)
        : new Mp3Table(true, 0, 0, 0);
  }
}
