package io.klingdrop.catalogue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Reads a small text file strictly: bounded in size, UTF-8 or refused, byte order mark removed. */
final class SourceText {
  /** The largest file read, 256 KiB; a sidecar of 5,000 characters is a tenth of that. */
  static final int MAX_BYTES = 256 * 1024;

  private SourceText() {}

  /** The text of a stream; a {@link ParametersException} if it is too large or not UTF-8. */
  static String read(InputStream in, String name) throws IOException {
    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw new ParametersException(name, 0, "is larger than 256 KB, too large for a text file");
    }
    String begin = new String(bytes, 0, Math.min(3, bytes.length), StandardCharsets.ISO_8859_1);
    if (begin.startsWith("\u00fe\u00ff") || begin.startsWith("\u00ff\u00fe")) {
      throw new ParametersException(name, 0, "is UTF-16 text; save it as UTF-8");
    }
    int start = begin.equals("\u00ef\u00bb\u00bf") ? 3 : 0;
    ByteBuffer input = ByteBuffer.wrap(bytes, start, bytes.length - start);
    CharBuffer output = CharBuffer.allocate(bytes.length + 1);
    var decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    if (decoder.decode(input, output, true).isError()) {
      throw new ParametersException(
          name,
          line(bytes, input.position()),
          "is not UTF-8 text (byte 0x%02X); save it as UTF-8"
              .formatted(bytes[input.position()] & 0xFF));
    }
    return output.flip().toString();
  }

  private static int line(byte[] bytes, int position) {
    String before = new String(bytes, 0, position, StandardCharsets.ISO_8859_1);
    return 1 + (int) before.chars().filter(c -> c == '\n').count();
  }
}
