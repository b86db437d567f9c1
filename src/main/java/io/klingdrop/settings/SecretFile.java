package io.klingdrop.settings;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A secret in a file of its own: one line of printable ASCII. What else is in such a file (a key of
 * two lines, a web page, a binary) would only be found out by a provider that refuses it.
 */
final class SecretFile {
  private static final int MOST_BYTES = 8 << 10;

  private SecretFile() {}

  /**
   * The secret, without a byte order mark, one line end and blanks around it.
   *
   * @throws IllegalArgumentException if it is none; never with a word of it
   * @throws IOException if the file cannot be read
   */
  static String read(Path file) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      // a pipe would be waited for
      throw new IllegalArgumentException("%s is not a regular file".formatted(file));
    }
    byte[] bytes;
    try (var in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MOST_BYTES + 1);
    }
    if (bytes.length > MOST_BYTES) {
      throw new IllegalArgumentException("%s is larger than 8 KB, no secret".formatted(file));
    }
    var text = new String(bytes, StandardCharsets.ISO_8859_1);
    var line =
        text.replaceFirst("^\u00ef\u00bb\u00bf", "")
            .replaceFirst("\\r?\\n\\z", "")
            .replaceAll("^[ \\t]+|[ \\t]+\\z", "");
    if (line.isEmpty()) {
      throw new IllegalArgumentException("%s is empty".formatted(file));
    }
    if (line.indexOf('\n') >= 0 || line.indexOf('\r') >= 0) {
      throw new IllegalArgumentException("%s has more than one line".formatted(file));
    }
    if (!line.chars().allMatch(c -> c >= ' ' && c <= '~')) {
      throw new IllegalArgumentException(
          "%s holds signs that are no printable ASCII".formatted(file));
    }
    return line;
  }
}
