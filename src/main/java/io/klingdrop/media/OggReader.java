package io.klingdrop.media;

import java.io.IOException;
import java.time.Duration;

/**
 * Ogg with Vorbis or Opus: length from the last granule position of the sound's own stream, chained
 * streams added up. A file that ends with a whole page is taken as it is, even without the end
 * flag: recorders that are switched off leave such files. RFC 3533, 2003-05; RFC 7845, 2016-04;
 * Vorbis I, 2020-07-04.
 */
final class OggReader {
  private static final int OPUS_RATE = 48_000;
  private static final int LONGEST_PACKET = 8_192;
  private static final int FIRST_PAGE = 2;

  private final FileBytes file;
  private Duration total = Duration.ZERO;
  private long serial = -1;
  private long rate;
  private long skipped;
  private long first = -1;
  private long last;

  private OggReader(FileBytes file) {
    this.file = file;
  }

  static Duration length(FileBytes file) throws MediaException, IOException {
    return new OggReader(file).walk();
  }

  private Duration walk() throws MediaException, IOException {
    for (var position = 0L; position < file.size(); ) {
      position = page(position);
    }
    if (serial < 0) {
      throw new MediaException("the Ogg file holds neither Vorbis nor Opus sound");
    }
    closeStream();
    if (total.isZero()) {
      throw Lengths.silent(file);
    }
    return total;
  }

  /** Takes note of one page and answers where the next one starts. */
  private long page(long position) throws MediaException, IOException {
    if (!file.has(position, 27)) {
      throw file.cutOff();
    }
    if (!file.matches(position, "OggS")) {
      throw file.damaged("a page does not start where the one before it ends");
    }
    var flags = file.u8(position + 5);
    var granule = file.i64le(position + 6);
    var pageSerial = file.u32le(position + 14);
    var segments = file.u8(position + 26);
    var body = position + 27 + segments;
    var next = body;
    var packets = 0;
    for (int i = 0; i < segments; i++) {
      var length = file.u8(position + 27 + i);
      next += length;
      packets += length < 255 ? 1 : 0;
    }
    if (!file.has(position, next - position)) {
      throw file.cutOff();
    }
    if ((flags & FIRST_PAGE) != 0) {
      startStream(pageSerial, body);
    } else if (pageSerial == serial && granule > 0) {
      if (first < 0) {
        first = granule > (long) packets * LONGEST_PACKET ? granule : 0;
      }
      last = Math.max(last, granule);
    }
    return next;
  }

  private void startStream(long pageSerial, long body) throws MediaException, IOException {
    var opus = file.matches(body, "OpusHead");
    if ((!opus && !file.matches(body, "\u0001vorbis")) || (serial >= 0 && first < 0)) {
      return;
    }
    closeStream();
    serial = pageSerial;
    rate = opus ? OPUS_RATE : file.u32le(body + 12);
    skipped = opus ? file.u16le(body + 10) : 0;
  }

  /** A stream cut out of a broadcast does not count from zero: then from its first page on. */
  private void closeStream() throws MediaException {
    if (serial >= 0 && first >= 0) {
      var samples = last - first - (first == 0 ? skipped : 0);
      total = total.plus(Lengths.optional(file, Math.max(0, samples), rate).orElse(Duration.ZERO));
    }
    first = -1;
    last = 0;
  }
}
