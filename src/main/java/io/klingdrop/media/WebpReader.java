package io.klingdrop.media;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * WebP: sides from the first chunk, completeness from the RIFF size. RFC 9649, 2024-11, with RFC
 * 6386 section 9.1 for the lossy frame header.
 */
final class WebpReader {
  private static final int FIRST = 20;
  private static final int MOST_CHUNKS = 10_000;

  private WebpReader() {}

  static ImageFacts read(FileBytes file) throws MediaException, IOException {
    var end = file.u32le(4) + 8;
    if (!file.has(0, end)) {
      throw file.cutOff();
    }
    var facts =
        switch (file.code(12)) {
          case "VP8 " -> lossy(file);
          case "VP8L" -> lossless(file);
          case "VP8X" -> extended(file);
          default -> throw file.damaged("its first chunk is not a picture");
        };
    var data = Holes.dataEnd(file, 12, end);
    if (end - data > end / 4) {
      throw file.empty(data);
    }
    List<String> oddities = new ArrayList<>();
    var chunks = 0;
    for (var position = 12L; position < end; ) {
      var length = file.u32le(position + 4);
      if (length > end - position - 8) {
        throw file.damaged("a chunk reaches past the end of the picture");
      }
      if (++chunks > MOST_CHUNKS) {
        throw file.damaged("it has more than 10,000 chunks");
      }
      if (file.matches(position, "EXIF")) {
        Exif.turned(Exif.orientation(file, position + 8, position + 8 + length))
            .ifPresent(oddities::add);
      }
      position += 8 + length + (length & 1);
    }
    return new ImageFacts(
        facts.mimeType(), facts.extension(), facts.width(), facts.height(), oddities);
  }

  private static ImageFacts lossy(FileBytes file) throws MediaException, IOException {
    if ((file.u8(FIRST) & 1) != 0 || file.u24be(FIRST + 3) != 0x9d012a) {
      throw file.damaged("it does not start with a whole frame");
    }
    return facts(file, file.u16le(FIRST + 6) & 0x3fff, file.u16le(FIRST + 8) & 0x3fff);
  }

  private static ImageFacts lossless(FileBytes file) throws MediaException, IOException {
    if (file.u8(FIRST) != 0x2f) {
      throw file.damaged("it does not start with a whole frame");
    }
    var bits = file.u32le(FIRST + 1);
    return facts(file, (int) (bits & 0x3fff) + 1, (int) (bits >> 14 & 0x3fff) + 1);
  }

  private static ImageFacts extended(FileBytes file) throws MediaException, IOException {
    return facts(file, file.u24le(FIRST + 4) + 1, file.u24le(FIRST + 7) + 1);
  }

  private static ImageFacts facts(FileBytes file, int width, int height) throws MediaException {
    if (width < 1 || height < 1) {
      throw file.damaged("its header gives it no sides");
    }
    return new ImageFacts(
        Format.WEBP.mimeType(), Format.WEBP.extension(), width, height, List.of());
  }
}
