package io.klingdrop.media;

import java.io.IOException;

/**
 * The tables of one track: how many samples it has, how long they play, and where they lie. ISO
 * 14496-12:2022, clauses 8.6 and 8.7.
 */
final class Mp4Samples {
  private static final int MOST_ENTRIES = 10_000_000;
  private static final int MOST_LOOKS = 4_096;
  private static final long MOST_TICKS = 1L << 60;

  private final FileBytes file;
  private long ticks;
  private long count;
  private long each;
  private long sizes = -1;
  private long runs = -1;
  private long runCount;
  private long chunks = -1;
  private long chunkCount;
  private boolean wide;
  private Mp4Codec codec = Mp4Codec.NONE;

  Mp4Samples(FileBytes file) {
    this.file = file;
  }

  /** Takes note of the tables between two positions. */
  void read(Mp4Boxes boxes) throws MediaException, IOException {
    while (boxes.advance()) {
      if (boxes.is("stts")) {
        times(boxes);
      } else if (boxes.is("stsz")) {
        boxes.needs(12);
        each = boxes.u32(4);
        count = boxes.u32(8);
        sizes = boxes.start() + 12;
        boxes.needs(12 + (each == 0 ? count * 4 : 0));
      } else if (boxes.is("stsc")) {
        runCount = entries(boxes, 12);
        runs = boxes.start() + 8;
      } else if (boxes.is("stco") || boxes.is("co64")) {
        wide = boxes.is("co64");
        chunkCount = entries(boxes, wide ? 8 : 4);
        chunks = boxes.start() + 8;
      } else if (boxes.is("stsd")) {
        codec = Mp4Codec.at(file, boxes.start() + 8, boxes.start() + boxes.length());
      }
    }
  }

  private long entries(Mp4Boxes box, int bytes) throws MediaException, IOException {
    box.needs(8);
    var entries = box.u32(4);
    box.needs(8 + entries * bytes);
    if (entries > MOST_ENTRIES) {
      throw file.damaged("a table has more than 10,000,000 entries");
    }
    return entries;
  }

  private void times(Mp4Boxes box) throws MediaException, IOException {
    var entries = entries(box, 8);
    for (var entry = 0L; entry < entries; entry++) {
      ticks += box.u32(8 + entry * 8) * box.u32(12 + entry * 8);
      if (ticks < 0 || ticks > MOST_TICKS) {
        throw file.damaged("it claims an impossible length");
      }
    }
  }

  /** How long the samples play, in the track's own ticks. */
  long ticks() {
    return ticks;
  }

  long count() {
    return count;
  }

  Mp4Codec codec() {
    return codec;
  }

  /** Whether all that the track points to lies before this position. */
  boolean isBefore(long end) throws MediaException, IOException {
    return chunkCount == 0 || (chunk(chunkCount - 1) >= 0 && end() <= end);
  }

  /** Where the track's last chunk ends; offsets rise, so nothing of it lies behind. */
  private long end() throws MediaException, IOException {
    var last = chunk(chunkCount - 1);
    var inLast = samplesOfLastChunk();
    var bytes = each * inLast;
    for (var sample = count - inLast; each == 0 && sample < count; sample++) {
      bytes += file.u32be(sizes + sample * 4);
    }
    return last + Math.max(1, bytes);
  }

  /** 0 where the tables do not fit each other. */
  private long samplesOfLastChunk() throws MediaException, IOException {
    var before = 0L;
    for (var run = 0L; run < runCount; run++) {
      var first = file.u32be(runs + run * 12);
      var next = run + 1 < runCount ? file.u32be(runs + run * 12 + 12) : chunkCount;
      if (first < 1 || next < first || next > chunkCount) {
        return 0;
      }
      before += (next - first) * file.u32be(runs + run * 12 + 4);
    }
    return before >= 0 && before < count ? count - before : 0;
  }

  /**
   * Refuses compressed sound where zeros stand in its place.
   *
   * @param alone whether nothing but this track lies between its chunks
   */
  void refuseHoles(boolean alone) throws MediaException, IOException {
    if (chunkCount == 0 || codec.plain()) {
      return;
    }
    var end = Math.min(file.size(), end());
    var data = Holes.dataEnd(file, chunk(0), end);
    if (data < end) {
      throw file.empty(data);
    }
    if (alone) {
      Holes.refuse(file, chunk(0), end);
      return;
    }
    var step = Math.max(1, chunkCount / MOST_LOOKS);
    for (var chunk = 0L; chunk < chunkCount; chunk += step) {
      Holes.refuseAt(file, chunk(chunk), 0, end);
    }
  }

  private long chunk(long number) throws MediaException, IOException {
    return wide ? file.i64be(chunks + number * 8) : file.u32be(chunks + number * 4);
  }
}
