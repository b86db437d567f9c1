package io.klingdrop.media;

import java.io.IOException;

/**
 * Zeros where sound ought to be. Some programs make a copy as large as its source first and fill it
 * afterwards, from the front or in several places at once; when they stop, the rest stays zero. No
 * compressed sound has as many zeros in a row as are looked for here, so this never holds for plain
 * samples, where zeros are silence.
 */
final class Holes {
  /** Zeros in a row, in bytes: a block of the usual file systems. */
  static final int HOLE = 4_096;

  private static final int MOST_LOOKS = 4_096;
  private static final int GLANCE = 16;

  private Holes() {}

  /** What to say of a file that goes wrong: that it is empty from somewhere on, if that is so. */
  static MediaException emptyOr(MediaException otherwise, FileBytes file, long from)
      throws MediaException, IOException {
    var data = dataEnd(file, from, file.size());
    return data < file.size() ? file.empty(data) : otherwise;
  }

  /** Where the zeros begin that a range of bytes ends with, {@code to} if it does not so end. */
  static long dataEnd(FileBytes file, long from, long to) throws MediaException, IOException {
    if (to - from < HOLE || !file.zeros(to - HOLE, to)) {
      return to;
    }
    var data = from - 1;
    var zero = to - HOLE;
    while (zero - data > 1) {
      var middle = data + (zero - data) / 2;
      if (file.zeros(middle, Math.min(to, middle + HOLE))) {
        zero = middle;
      } else {
        data = middle;
      }
    }
    return zero;
  }

  /**
   * Refuses a range of compressed sound that ends in zeros or has them in between. Of a long range
   * only so many places are looked at, the end first; a gap narrower than a four-thousandth of it
   * may then be missed.
   */
  static void refuse(FileBytes file, long from, long to) throws MediaException, IOException {
    var end = dataEnd(file, from, to);
    if (end < to) {
      throw file.empty(end);
    }
    var step = Math.max(HOLE / 2, (to - from) / MOST_LOOKS);
    for (var position = from; position < to; position += step) {
      refuseAt(file, position, from, to);
    }
  }

  /** Refuses a range if this position in it lies within a hole. */
  static void refuseAt(FileBytes file, long position, long from, long to)
      throws MediaException, IOException {
    if (position < from || position + GLANCE > to || !file.zeros(position, position + GLANCE)) {
      return;
    }
    var first = position;
    while (first > from && position - first < HOLE && file.u8(first - 1) == 0) {
      first--;
    }
    var last = position;
    while (last < to && last - first < HOLE && file.u8(last) == 0) {
      last++;
    }
    if (last - first >= HOLE) {
      throw file.gap(first);
    }
  }
}
