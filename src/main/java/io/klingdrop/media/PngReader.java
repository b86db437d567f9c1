package io.klingdrop.media;

import java.io.IOException;

/** PNG: sides from IHDR, completeness from the walk to IEND. W3C PNG, third edition, 2025-06-24. */
final class PngReader {
  static final String SIGNATURE = "\u0089PNG\r\n\u001a\n";

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
    walkToEnd(file);
    return new ImageFacts(Format.PNG.mimeType(), Format.PNG.extension(), (int) width, (int) height);
  }

  private static void walkToEnd(FileBytes file) throws MediaException, IOException {
    var position = 8L;
    while (!file.matches(position + 4, "IEND")) {
      position += 12 + file.u32be(position);
    }
    if (!file.has(position, 12)) {
      throw file.cutOff();
    }
  }
}
