package io.klingdrop.media;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The type of a file by its bytes, text and archives among them. */
final class Sniffed {
  private Sniffed() {}

  /** A MIME type; empty when the file is empty, not an ordinary file, or of no known type. */
  static Optional<String> mime(Path path) throws IOException {
    try (var file = FileBytes.open(path, MediaKind.VIDEO)) {
      var format = Sniffer.sniff(file);
      if (format.equals(Optional.of(Format.MP4)) && isSoundOnly(file)) {
        format = Optional.of(Format.M4A);
      }
      return format.map(Format::mimeType);
    } catch (MediaException e) {
      return Optional.empty();
    }
  }

  private static boolean isSoundOnly(FileBytes file) throws IOException {
    try {
      var movie = Mp4Reader.read(file);
      return movie.hasSound() && !movie.hasVideo();
    } catch (MediaException e) {
      return false;
    }
  }
}
