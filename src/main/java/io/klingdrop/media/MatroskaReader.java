package io.klingdrop.media;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * WebM and Matroska: length from the Info element, completeness from the size of the Segment when
 * the writer knew it. RFC 8794, 2020-07; RFC 9559, 2024-10.
 */
final class MatroskaReader {
  private static final int MOST_ELEMENTS = 10_000;
  private static final long EBML = 0x1a45dfa3L;
  private static final long DOC_TYPE = 0x4282;
  private static final long SEGMENT = 0x18538067L;
  private static final long INFO = 0x1549a966L;
  private static final long CLUSTER = 0x1f43b675L;
  private static final long SCALE = 0x2ad7b1;
  private static final long DURATION = 0x4489;
  private static final long LONGEST_SECONDS = 1_000 * 3_600;

  private final FileBytes file;
  private long next;
  private long id;
  private long start;

  private MatroskaReader(FileBytes file, long start) {
    this.file = file;
    this.next = start;
  }

  /** Whether the header names the WebM profile. */
  static boolean isWebm(FileBytes file) throws MediaException, IOException {
    var header = new MatroskaReader(file, 0);
    header.advance(file.size());
    var fields = new MatroskaReader(file, header.start);
    for (int i = 0; i < 32 && fields.next < header.next; i++) {
      fields.advance(header.next);
      if (fields.id == DOC_TYPE) {
        return file.matches(fields.start, "webm");
      }
    }
    return false;
  }

  static Optional<Duration> length(FileBytes file) throws MediaException, IOException {
    var top = new MatroskaReader(file, 0);
    top.advance(file.size());
    if (top.id != EBML) {
      throw file.damaged("it does not start with an EBML header");
    }
    for (int i = 0; i < MOST_ELEMENTS; i++) {
      top.advance(file.size());
      if (top.id == SEGMENT) {
        return top.segment();
      }
    }
    throw file.damaged("it has no video in it");
  }

  private Optional<Duration> segment() throws MediaException, IOException {
    var parts = new MatroskaReader(file, start);
    for (int i = 0; i < MOST_ELEMENTS && parts.next < next; i++) {
      parts.advance(next);
      if (parts.id == INFO) {
        return parts.info();
      }
      if (parts.id == CLUSTER) {
        break;
      }
    }
    return Optional.empty();
  }

  private Optional<Duration> info() throws MediaException, IOException {
    var scale = 1_000_000L;
    var ticks = 0.0;
    var fields = new MatroskaReader(file, start);
    for (int i = 0; i < MOST_ELEMENTS && fields.next < next; i++) {
      fields.advance(next);
      var length = fields.next - fields.start;
      if (fields.id == SCALE && length >= 1 && length <= 7) {
        scale = 0;
        for (var position = fields.start; position < fields.next; position++) {
          scale = scale << 8 | file.u8(position);
        }
      } else if (fields.id == DURATION && length == 8) {
        ticks = Double.longBitsToDouble(file.i64be(fields.start));
      } else if (fields.id == DURATION && length == 4) {
        ticks = Float.intBitsToFloat((int) file.u32be(fields.start));
      }
    }
    var seconds = ticks * scale / 1e9;
    return seconds > 0 && seconds <= LONGEST_SECONDS
        ? Optional.of(Duration.ofNanos(Math.max(1, Math.round(seconds * 1e9))))
        : Optional.empty();
  }

  /** Reads the element that starts at {@link #next}; one of unknown size lasts until the end. */
  private void advance(long end) throws MediaException, IOException {
    var position = next;
    var idLength = vintLength(position, 4);
    id = vint(position, idLength);
    var sizeLength = vintLength(position + idLength, 8);
    start = position + idLength + sizeLength;
    var bits = (1L << (7 * sizeLength)) - 1;
    var size = vint(position + idLength, sizeLength) & bits;
    if (size == bits) {
      size = Math.max(0, end - start);
    }
    if (size > end - start) {
      throw end == file.size()
          ? file.cutOff()
          : file.damaged("a part reaches past the end of the one around it");
    }
    next = start + size;
  }

  private int vintLength(long position, int most) throws MediaException, IOException {
    var length = Integer.numberOfLeadingZeros(file.u8(position)) - 23;
    if (length > most) {
      throw file.damaged("a part has no readable size");
    }
    return length;
  }

  private long vint(long position, int length) throws MediaException, IOException {
    var value = 0L;
    for (int i = 0; i < length; i++) {
      value = value << 8 | file.u8(position + i);
    }
    return value;
  }
}
