package io.klingdrop.media;

import java.io.IOException;

/**
 * JPEG: sides from the first frame header, completeness from the end marker. Bytes after the end
 * marker are left alone: phones keep clips and previews there. ITU-T T.81, 1992-09, annex B.
 */
final class JpegReader {
  private static final int END = 0xd9;

  private JpegReader() {}

  static ImageFacts read(FileBytes file) throws MediaException, IOException {
    var width = 0;
    var height = 0;
    var position = 2L;
    while (true) {
      position = nextMarker(file, position);
      var marker = file.u8(position + 1);
      if (marker == END) {
        if (width < 1 || height < 1) {
          throw file.damaged("its header gives it no sides");
        }
        return new ImageFacts(Format.JPEG.mimeType(), Format.JPEG.extension(), width, height);
      }
      if (marker == 0x01 || marker == 0xd8) {
        position += 2;
        continue;
      }
      var length = file.u16be(position + 2);
      if (length < 2) {
        throw file.damaged("a segment is shorter than its own header");
      }
      if (isFrameHeader(marker) && width == 0) {
        height = file.u16be(position + 5);
        width = file.u16be(position + 7);
      }
      position += 2L + length;
    }
  }

  private static boolean isFrameHeader(int marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
  }

  /** Passes over pixels: there, 0xff is followed by 0, by a restart marker or by more fill. */
  private static long nextMarker(FileBytes file, long start) throws MediaException, IOException {
    var position = start;
    while (true) {
      if (file.u8(position) == 0xff) {
        var next = file.u8(position + 1);
        if (next != 0 && next != 0xff && (next < 0xd0 || next > 0xd7)) {
          return position;
        }
      }
      position++;
    }
  }
}
