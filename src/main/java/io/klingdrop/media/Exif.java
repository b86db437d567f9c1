package io.klingdrop.media;

import java.io.IOException;
import java.util.Optional;

/**
 * The orientation that a camera notes beside the pixels. Exif 2.32 (CIPA DC-008-2019), tag 0x0112
 * of the first directory.
 */
final class Exif {
  private static final int ORIENTATION = 0x0112;
  private static final int UPRIGHT = 1;
  private static final int MOST_TAGS = 1_000;

  private Exif() {}

  /** What to say of a picture that is stored turned or mirrored; empty if it stands upright. */
  static Optional<String> turned(int orientation) {
    if (orientation == UPRIGHT) {
      return Optional.empty();
    }
    var how =
        switch (orientation) {
          case 2 -> "mirrored";
          case 3 -> "upside down";
          case 4 -> "upside down and mirrored";
          case 5, 7 -> "lying on its side and mirrored";
          default -> "lying on its side";
        };
    return Optional.of(
        "the picture is stored %s (EXIF orientation %d), and who does not read that mark shows it so"
            .formatted(how, orientation));
  }

  /**
   * 2 to 8 for a picture that is not stored upright, else 1.
   *
   * @param start where the note starts, with or without its name {@code Exif}
   * @param end behind it
   */
  static int orientation(FileBytes file, long start, long end) throws MediaException, IOException {
    var tiff = file.matches(start, "Exif\0") ? start + 6 : start;
    var little = file.matches(tiff, "II*\0");
    if ((!little && !file.matches(tiff, "MM\0*")) || end - tiff < 14) {
      return UPRIGHT;
    }
    var directory = tiff + number(file, tiff + 4, 4, little);
    if (directory + 2 > end) {
      return UPRIGHT;
    }
    var tags = Math.min(MOST_TAGS, number(file, directory, 2, little));
    for (var tag = 0L; tag < tags && directory + 2 + tag * 12 + 12 <= end; tag++) {
      var position = directory + 2 + tag * 12;
      if (number(file, position, 2, little) == ORIENTATION) {
        var value = number(file, position + 8, 2, little);
        return value >= 1 && value <= 8 ? (int) value : UPRIGHT;
      }
    }
    return UPRIGHT;
  }

  private static long number(FileBytes file, long position, int bytes, boolean little)
      throws MediaException, IOException {
    return bytes == 2
        ? little ? file.u16le(position) : file.u16be(position)
        : little ? file.u32le(position) : file.u32be(position);
  }
}
