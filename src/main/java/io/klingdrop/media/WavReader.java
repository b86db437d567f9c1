package io.klingdrop.media;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * WAV: length from the fmt and data chunks, for compressed sound from the fact chunk where its
 * bytes do not speak against it. A data size of 0, or one that a program writes when it cannot know
 * (around 2 GB and above), means the rest of the file, and so does one that counts the header too.
 * Multimedia Programming Interface and Data Specifications 1.0, 1991-08; RF64 by EBU Tech 3306,
 * 2009-07.
 */
final class WavReader {
  private static final int MOST_CHUNKS = 10_000;
  private static final int LONGEST_HEADER = 4_096;
  private static final long UNKNOWN_FROM = 0x7fff_0000L;
  private static final long ROUND_UNKNOWN_FROM = 1_900_000_000L;
  private static final int EXTENSIBLE = 0xfffe;

  private final FileBytes file;
  private final long start;
  private long format = -1;
  private long data = -1;
  private long dataSize;
  private long samples;

  private WavReader(FileBytes file, long start) {
    this.file = file;
    this.start = start;
  }

  static Sound read(FileBytes file) throws MediaException, IOException {
    var reader = new WavReader(file, Id3Tag.skip(file));
    reader.chunks();
    return reader.sound();
  }

  private void chunks() throws MediaException, IOException {
    var longSize = -1L;
    var position = start + 12;
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
        dataSize = dataSize(size == 0xffff_ffffL && longSize > 0 ? longSize : size);
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
  }

  private long dataSize(long claimed) throws MediaException {
    var rest = file.size() - data;
    if (claimed > 0 && claimed <= rest) {
      return claimed;
    }
    var unknown =
        claimed == 0
            || (claimed >= UNKNOWN_FROM && claimed <= 0xffff_ffffL)
            || (claimed >= ROUND_UNKNOWN_FROM && claimed <= 0xffff_ffffL && claimed / 4 > rest);
    var header = claimed > rest && claimed - rest <= Math.min(data, LONGEST_HEADER);
    if (!unknown && !header) {
      throw file.cutOff();
    }
    return rest;
  }

  private Sound sound() throws MediaException, IOException {
    var tag = file.u16le(format);
    if (tag == EXTENSIBLE && file.has(format, 26)) {
      tag = file.u16le(format + 24);
    }
    var codec = codec(tag);
    var rate = file.u32le(format + 4);
    var bytesPerSecond = file.u32le(format + 8);
    var blockAlign = file.u16le(format + 12);
    if (Sound.isPlain(codec) && blockAlign > 0 && rate > 0) {
      var sides = file.u16le(format + 2) * ((file.u16le(format + 14) + 7) / 8);
      var each = sides > 0 && blockAlign > 2 * sides ? sides : blockAlign;
      var length = Lengths.of(file, dataSize / each, rate);
      return new Sound(length, codec, silence());
    }
    var told = samples > 0 && samples <= dataSize * 8 && rate > 0;
    if (bytesPerSecond == 0 && !told) {
      throw file.damaged("its header gives it no sample rate");
    }
    var byBytes = bytesPerSecond == 0 ? 0 : dataSize / (double) bytesPerSecond;
    return Sound.of(
        told && samples / (double) rate >= byBytes / 2
            ? Lengths.of(file, samples, rate)
            : Lengths.of(file, dataSize, bytesPerSecond),
        codec);
  }

  /** Format tags: Multimedia Data Standards Update 3.0, 1994-04, and RFC 2361, 1998-06. */
  private static String codec(int tag) {
    return switch (tag) {
      case 1 -> "pcm";
      case 3 -> "float";
      case 6 -> "alaw";
      case 7 -> "mulaw";
      case 0x02, 0x11, 0x20, 0x45, 0x64, 0x69, 0x200 -> "adpcm";
      case 0x31 -> "gsm";
      case 0x50, 0x55 -> "mp3";
      case 0xff, 0x1600, 0x1602, 0x1610 -> "aac";
      default -> String.format(Locale.ROOT, "0x%04x", tag);
    };
  }

  /** Zeros are silence here, so they are sound; as many as this are told all the same. */
  private List<String> silence() throws MediaException, IOException {
    var end = data + dataSize;
    var sound = Holes.dataEnd(file, data, end);
    return (end - sound) * 5 < dataSize * 2
        ? List.of()
        : List.of(
            String.format(
                Locale.ROOT,
                "the last %d %% of the recording are complete silence; if there should be speech,"
                    + " copy the file again",
                (end - sound) * 100 / dataSize));
  }
}
