package io.klingdrop.media;

import java.io.IOException;
import java.time.Duration;

/**
 * Ogg with Vorbis, Opus, FLAC or Speex: length from the last granule position of the sound's own
 * stream, chained streams added up; the packets of Opus are counted too, lest a position claims
 * less. A file that ends with a whole page is taken as it is, even without the end flag: recorders
 * that are switched off leave such files. What stands behind the page with the end flag is left
 * alone. RFC 3533, 2003-05; RFC 7845, 2016-04; Vorbis I, 2020-07-04; FLAC in Ogg and the Speex
 * header by their reference programs.
 */
final class OggReader {
  private static final int OPUS_RATE = 48_000;
  private static final int LONGEST_PACKET = 8_192;
  private static final int CONTINUED = 1;
  private static final int FIRST_PAGE = 2;
  private static final int LAST_PAGE = 4;
  private static final int OPUS_HEADERS = 2;
  private static final int[] SILK = {480, 960, 1_920, 2_880};
  private static final int[] HYBRID = {480, 960};
  private static final int[] CELT = {120, 240, 480, 960};

  private final FileBytes file;
  private Duration total = Duration.ZERO;
  private String codec = "";
  private long serial = -1;
  private long rate;
  private long skipped;
  private long first = -1;
  private long last;
  private long packets;
  private long opusSamples;
  private long sound = -1;
  private boolean ended;

  private OggReader(FileBytes file) {
    this.file = file;
  }

  static Sound read(FileBytes file) throws MediaException, IOException {
    return new OggReader(file).walk();
  }

  private Sound walk() throws MediaException, IOException {
    var position = Id3Tag.skip(file);
    while (position < file.size() && (!ended || file.matches(position, "OggS"))) {
      position = page(position);
    }
    if (serial < 0) {
      throw new MediaException("the Ogg file holds neither Vorbis, Opus, FLAC nor Speex sound");
    }
    if (sound >= 0) {
      Holes.refuse(file, sound, position);
    }
    closeStream();
    if (total.isZero()) {
      throw Lengths.silent(file);
    }
    return Sound.of(total, codec);
  }

  /** Takes note of one page and answers where the next one starts. */
  private long page(long position) throws MediaException, IOException {
    if (!file.matches(position, "OggS")) {
      if (file.zeros(position, Math.min(file.size(), position + Holes.HOLE))) {
        throw Holes.emptyOr(file.gap(position), file, sound < 0 ? 0 : sound);
      }
      throw file.has(position, 27)
          ? file.damaged("a page does not start where the one before it ends")
          : file.cutOff();
    }
    if (!file.has(position, 27)) {
      throw file.cutOff();
    }
    var flags = file.u8(position + 5);
    var granule = file.i64le(position + 6);
    var pageSerial = file.u32le(position + 14);
    var segments = file.u8(position + 26);
    var body = position + 27 + segments;
    if ((flags & FIRST_PAGE) != 0 && file.has(body, 1)) {
      startStream(pageSerial, body);
    }
    var mine = pageSerial == serial;
    var next = body;
    var packet = body;
    var whole = 0;
    var begun = (flags & CONTINUED) != 0;
    for (int i = 0; i < segments; i++) {
      var length = file.u8(position + 27 + i);
      next += length;
      if (mine && !begun && length > 0 && file.has(packet, 2)) {
        count(packet, length);
      }
      begun = length == 255;
      whole += begun ? 0 : 1;
      packet = begun ? packet : next;
    }
    if (!file.has(position, next - position)) {
      throw Holes.emptyOr(file.cutOff(), file, position);
    }
    if ((flags & FIRST_PAGE) == 0 && mine && granule > 0) {
      sound = sound < 0 ? body : sound;
      if (first < 0) {
        first = granule > (long) whole * LONGEST_PACKET ? granule : 0;
      }
      last = Math.max(last, granule);
    }
    ended |= mine && (flags & LAST_PAGE) != 0;
    return next;
  }

  private void count(long packet, int bytes) throws MediaException, IOException {
    if (++packets > OPUS_HEADERS && codec.equals("opus")) {
      opusSamples += opusSamples(packet, bytes);
    }
  }

  /**
   * Samples per channel at 48,000 a second, by the first byte or two of a packet. RFC 6716,
   * 2012-09, section 3.
   *
   * @param bytes of the packet that lie on this page, 1 or more
   */
  private int opusSamples(long packet, int bytes) throws MediaException, IOException {
    var first = file.u8(packet);
    var mode = first >> 3;
    var each = mode < 12 ? SILK[mode & 3] : mode < 16 ? HYBRID[mode & 1] : CELT[mode & 3];
    return switch (first & 3) {
      case 0 -> each;
      case 3 -> bytes < 2 ? 0 : each * (file.u8(packet + 1) & 63);
      default -> 2 * each;
    };
  }

  private void startStream(long pageSerial, long body) throws MediaException, IOException {
    var found = codecAt(body);
    if (found.isEmpty() || (serial >= 0 && first < 0)) {
      return;
    }
    closeStream();
    codec = found;
    serial = pageSerial;
    ended = false;
    rate =
        switch (found) {
          case "opus" -> OPUS_RATE;
          case "vorbis" -> file.u32le(body + 12);
          case "speex" -> file.u32le(body + 36);
          default -> file.u24be(body + 27) >> 4;
        };
    skipped = found.equals("opus") ? file.u16le(body + 10) : 0;
  }

  private String codecAt(long body) throws MediaException, IOException {
    if (file.matches(body, "OpusHead")) {
      return "opus";
    }
    if (file.matches(body, "\u0001vorbis")) {
      return "vorbis";
    }
    if (file.matches(body, "Speex   ")) {
      return "speex";
    }
    return file.matches(body, "\u007fFLAC") ? "flac" : "";
  }

  /** A stream cut out of a broadcast does not count from zero: then from its first page on. */
  private void closeStream() throws MediaException {
    if (serial >= 0 && first >= 0) {
      var samples = last - first - (first == 0 ? skipped : 0);
      var decoded = opusSamples - skipped;
      if (decoded - samples > OPUS_RATE / 2) {
        samples = decoded;
      }
      total = total.plus(Lengths.optional(file, Math.max(0, samples), rate).orElse(Duration.ZERO));
    }
    first = -1;
    last = 0;
    packets = 0;
    opusSamples = 0;
  }
}
