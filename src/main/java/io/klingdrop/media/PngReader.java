package io.klingdrop.media;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * PNG: sides from IHDR, completeness from the walk to IEND and the checksums of the pixels. W3C
 * PNG, third edition, 2025-06-24.
 */
final class PngReader {
  static final String SIGNATURE = "\u0089PNG\r\n\u001a\n";

  private static final int MOST_CHUNKS = 1_000_000;
  private static final int DEEP = 16;

  private PngReader() {}

  static ImageFacts read(FileBytes file) throws MediaException, IOException {
    if (file.u32be(8) != 13 || !file.matches(12, "IHDR")) {
      if (!file.has(0, 33)) {
        throw file.cutOff();
      }
      throw file.damaged("its first chunk is not a header");
    }
    var width = file.u32be(16);
    var height = file.u32be(20);
    if (width < 1 || height < 1 || width > Integer.MAX_VALUE || height > Integer.MAX_VALUE) {
      throw file.damaged("its header gives it no sides");
    }
    List<String> oddities = new ArrayList<>();
    if (file.u8(24) == DEEP) {
      oddities.add("the picture has 16 bits a colour, not 8, and not everybody reads that");
    }
    walkToEnd(file, oddities);
    return new ImageFacts(
        Format.PNG.mimeType(), Format.PNG.extension(), (int) width, (int) height, oddities);
  }

  private static void walkToEnd(FileBytes file, List<String> oddities)
      throws MediaException, IOException {
    var position = 8L;
    for (int chunks = 0; !file.matches(position + 4, "IEND"); chunks++) {
      var length = file.u32be(position);
      var next = position + 12 + length;
      if (file.u32be(position + 4) == 0 || chunks == MOST_CHUNKS) {
        throw Holes.emptyOr(file.damaged("a chunk has no name"), file, 8);
      }
      if (file.has(position, 12 + length)) {
        if (file.matches(position + 4, "IDAT")) {
          check(file, position + 4, length + 4);
        } else if (file.matches(position + 4, "eXIf")) {
          Exif.turned(Exif.orientation(file, position + 8, next - 4)).ifPresent(oddities::add);
        }
      }
      position = next;
    }
    if (!file.has(position, 12)) {
      throw file.cutOff();
    }
  }

  private static void check(FileBytes file, long start, long length)
      throws MediaException, IOException {
    var crc = new CRC32();
    for (var position = start; position < start + length; position++) {
      crc.update(file.u8(position));
    }
    if (crc.getValue() != file.u32be(start + length)) {
      throw Holes.emptyOr(
          file.damaged("the checksum of its pixels is wrong; copy the file again"), file, 8);
    }
  }
}
