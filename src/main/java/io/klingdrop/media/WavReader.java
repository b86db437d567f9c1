package io.klingdrop.media;

import java.io.IOException;
import java.time.Duration;

/**
 * WAV: length from the fmt and data chunks, for compressed sound from the fact chunk. A data size
 * of 0, or one that a program writes when it cannot know (2 GiB and above), means the rest of the
 * file. Multimedia Programming Interface and Data Specifications 1.0, 1991-08; RF64 by EBU Tech
 * 3306, 2009-07.
 */
final class WavReader {
  private static final int MOST_CHUNKS = 10_000;
  private static final long UNKNOWN_FROM = 0x7fff_0000L;
  private static final int PCM = 1;
  private static final int FLOAT = 3;
  private static final int EXTENSIBLE = 0xfffe;

  private WavReader() {}

  static Duration length(FileBytes file) throws MediaException, IOException {
    var format = -1L;
    var data = -1L;
    var dataSize = 0L;
    var longSize = -1L;
    var samples = 0L;
    var position = 12L;
    for (int chunks = 0; file.has(position, 8) && (format < 0 || data < 0); chunks++) {
      if (chunks == MOST_CHUNKS) {
        throw file.damaged("it has more than 10,000 chunks");
      }
      var code = file.code(position);
      var size = file.u32le(position + 4);
      var body = position + 8;
      if (code.equals("fmt ")) {
        format = size >= 16 ? body : -1;
      } else if (code.equals("fact") && size >= 4) {
        samples = file.u32le(body);
      } else if (code.equals("ds64") && size >= 16) {
        longSize = file.i64le(body + 8);
      } else if (code.equals("data")) {
        data = body;
        dataSize = dataSize(file, body, size == 0xffff_ffffL && longSize > 0 ? longSize : size);
        size = dataSize;
      }
      position = body + size + (size & 1);
    }
    if (data < 0) {
      throw file.cutOff();
    }
    if (format < 0) {
      throw file.damaged("it does not say how its sound is stored");
    }
    return length(file, format, dataSize, samples);
  }

  private static long dataSize(FileBytes file, long body, long claimed) throws MediaException {
    var rest = file.size() - body;
    if (claimed >= 0 && claimed <= rest && claimed != 0) {
      return claimed;
    }
    var unknown = claimed == 0 || (claimed >= UNKNOWN_FROM && claimed <= 0xffff_ffffL);
    if (!unknown) {
      throw file.cutOff();
    }
    return rest;
  }

  /**
   * Compressed sound is counted by its fact chunk, since encoders write odd byte rates for it; not
   * when that claims more samples than there are bits.
   */
  private static Duration length(FileBytes file, long format, long dataSize, long samples)
      throws MediaException, IOException {
    var tag = file.u16le(format);
    var rate = file.u32le(format + 4);
    var bytesPerSecond = file.u32le(format + 8);
    var blockAlign = file.u16le(format + 12);
    if ((tag == PCM || tag == FLOAT || tag == EXTENSIBLE) && blockAlign > 0 && rate > 0) {
      return Lengths.of(file, dataSize / blockAlign, rate);
    }
    if (samples > 0 && samples <= dataSize * 8 && rate > 0) {
      return Lengths.of(file, samples, rate);
    }
    if (bytesPerSecond == 0) {
      throw file.damaged("its header gives it no sample rate");
    }
    return Lengths.of(file, dataSize, bytesPerSecond);
  }
}
