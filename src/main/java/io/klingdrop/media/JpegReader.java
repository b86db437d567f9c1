package io.klingdrop.media;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * JPEG: sides and colours from the first frame header, completeness from the end marker. Bytes
 * after the end marker are left alone: phones keep clips and previews there. ITU-T T.81, 1992-09,
 * annex B.
 */
final class JpegReader {
  private static final int END = 0xd9;
  private static final int EXIF = 0xe1;
  private static final int USUAL_BITS = 8;
  private static final int INKS = 4;

  private final FileBytes file;
  private final long data;
  private final List<String> oddities = new ArrayList<>();
  private int width;
  private int height;
  private int orientation = 1;

  private JpegReader(FileBytes file) throws MediaException, IOException {
    this.file = file;
    this.data = Holes.dataEnd(file, 2, file.size());
  }

  static ImageFacts read(FileBytes file) throws MediaException, IOException {
    return new JpegReader(file).walk();
  }

  private ImageFacts walk() throws MediaException, IOException {
    var position = 2L;
    while (true) {
      position = nextMarker(position);
      var marker = file.u8(position + 1);
      if (marker == END) {
        return facts();
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
        frame(position);
      } else if (marker == EXIF && orientation == 1 && file.has(position, 2L + length)) {
        orientation = Exif.orientation(file, position + 4, position + 2 + length);
      }
      position += 2L + length;
    }
  }

  private void frame(long position) throws MediaException, IOException {
    var bits = file.u8(position + 4);
    height = file.u16be(position + 5);
    width = file.u16be(position + 7);
    if (file.u8(position + 9) == INKS) {
      oddities.add("the picture has the colours of print (CMYK), and may come out in others");
    }
    if (bits != USUAL_BITS) {
      oddities.add("the picture has %d bits a colour, not 8, and few read that".formatted(bits));
    }
  }

  private ImageFacts facts() throws MediaException {
    if (width < 1 || height < 1) {
      throw file.damaged("its header gives it no sides");
    }
    Exif.turned(orientation).ifPresent(oddities::add);
    return new ImageFacts(Format.JPEG.mimeType(), Format.JPEG.extension(), width, height, oddities);
  }

  private static boolean isFrameHeader(int marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
  }

  /** Passes over pixels: there, 0xff is followed by 0, by a restart marker or by more fill. */
  private long nextMarker(long start) throws MediaException, IOException {
    for (var position = start; position < data; position++) {
      if (file.u8(position) == 0xff) {
        var next = file.u8(position + 1);
        if (next != 0 && next != 0xff && (next < 0xd0 || next > 0xd7)) {
          return position;
        }
      }
    }
    throw data < file.size() ? file.empty(data) : file.cutOff();
  }
}
