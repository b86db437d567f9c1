package io.klingdrop.media;

import java.io.IOException;

/**
 * Goes through boxes that stand side by side, never into them. At the top of a file a box past the
 * end means that the file is cut off; inside another box it means damage. ISO 14496-12:2022, clause
 * 4.2.
 */
final class Mp4Boxes {
  private static final int MOST_BOXES = 100_000;
  private static final int HEADER = 8;

  /** A time that the writer did not know. */
  static final long UNKNOWN_32 = 0xffff_ffffL;

  private final FileBytes file;
  private final long end;
  private long next;
  private long start;
  private String type = "";
  private long padded = -1;
  private int count;

  /** All boxes between two positions, the second one excluded. */
  Mp4Boxes(FileBytes file, long start, long end) {
    this.file = file;
    this.next = start;
    this.end = end;
  }

  interface Step {
    void take(Mp4Boxes inside) throws MediaException, IOException;
  }

  /** Goes into every box of that type. */
  void each(String wanted, Step step) throws MediaException, IOException {
    while (advance()) {
      if (is(wanted)) {
        step.take(inside());
      }
    }
  }

  /** The boxes inside the box at hand. */
  Mp4Boxes inside() {
    return new Mp4Boxes(file, start, next);
  }

  /** Moves on to the following box; false behind the last one. */
  boolean advance() throws MediaException, IOException {
    if (end - next < HEADER) {
      if (next < end && !file.zeros(next, end)) {
        throw broken();
      }
      return false;
    }
    if (++count > MOST_BOXES) {
      throw file.damaged("it has more than 100,000 parts");
    }
    var position = next;
    var size = file.u32be(position);
    type = file.code(position + 4);
    start = position + HEADER;
    if (size == 0) {
      if (type.equals("\0\0\0\0") && end == file.size()) {
        next = end;
        padded = position;
        return false;
      }
      size = end - position;
    } else if (size == 1) {
      start += HEADER;
      size = end - position < 16 ? -1 : file.i64be(position + 8);
    }
    if (size < 0 || size > end - position) {
      throw broken();
    }
    if (size < start - position) {
      throw file.damaged("a part is shorter than its own header");
    }
    next = position + size;
    return true;
  }

  /** Where the zeros begin that stand instead of a further box, -1 if there are none. */
  long padded() {
    return padded;
  }

  /** Where the following box would start. */
  long next() {
    return next;
  }

  boolean is(String wanted) {
    return type.equals(wanted);
  }

  /** The position behind the header of the box at hand. */
  long start() {
    return start;
  }

  /** How many bytes the box at hand holds behind its header. */
  long length() {
    return next - start;
  }

  /** Four bytes of the box at hand, so many behind its header. */
  long u32(long offset) throws MediaException, IOException {
    return file.u32be(start + offset);
  }

  /** Whether the box at hand is of the version whose times have eight bytes, not four. */
  boolean isWide() throws MediaException, IOException {
    return file.u8(start) == 1;
  }

  /** A time of the box at hand; all ones mean that the writer did not know, told here as 0. */
  long ticks(long offset, boolean wide) throws MediaException, IOException {
    var ticks = wide ? file.i64be(start + offset) : u32(offset);
    return ticks == (wide ? -1L : UNKNOWN_32) ? 0 : ticks;
  }

  /** Ticks a second, as {@code mvhd} and {@code mdhd} say. */
  long timescale() throws MediaException, IOException {
    needs(20);
    needs(isWide() ? 32 : 20);
    return u32(isWide() ? 20 : 12);
  }

  /** The length that stands behind {@link #timescale}. */
  long duration() throws MediaException, IOException {
    return isWide() ? ticks(24, true) : ticks(16, false);
  }

  /** Refuses a box at hand that holds less than its fields need. */
  void needs(long bytes) throws MediaException {
    if (length() < bytes) {
      throw file.damaged("a part is shorter than its fields");
    }
  }

  private MediaException broken() {
    return end == file.size()
        ? file.cutOff()
        : file.damaged("a part reaches past the end of the one around it");
  }
}
