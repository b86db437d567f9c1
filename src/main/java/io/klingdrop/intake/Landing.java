package io.klingdrop.intake;

import io.klingdrop.files.AtomicFiles;
import io.klingdrop.files.Hashes;
import io.klingdrop.files.Names;
import io.klingdrop.files.Sharing;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A file that lies in the inbox, whole and on disk, under a hidden name that the scan passes over.
 *
 * @param extension with its dot, as the file will have it
 * @param sha256 of its bytes, hex
 */
record Landing(Path part, String extension, long bytes, String sha256) {
  /** Room for a number and any extension behind a stem, in bytes. */
  private static final String ROOM = "-".repeat(16);

  private static final Pattern PART =
      Pattern.compile(
          "\\.(?<id>kd[0-9a-z]{16})\\.(?<n>\\d{1,4})(\\.(?<mark>[0-9a-f]{12}))?\\.part");

  /** The hidden name of the n-th file of a bundle; the id is nobody else's, the mark the node's. */
  static Path part(Path folder, String id, int n, Sharing sharing) {
    return folder.resolve(sharing.hidden(id + "." + n));
  }

  /**
   * What a hidden name says.
   *
   * @param mark of the node that wrote the file, empty for a service alone
   */
  record Part(String id, int n, String mark) {
    /** Nothing if the name is not one of {@link Landing#part}. */
    static Optional<Part> of(String name) {
      var match = PART.matcher(name);
      return match.matches()
          ? Optional.of(
              new Part(
                  match.group("id"),
                  Integer.parseInt(match.group("n")),
                  Objects.requireNonNullElse(match.group("mark"), "")))
          : Optional.empty();
    }
  }

  /** Writes a file and makes it durable. */
  static Landing write(InputStream in, Path part, String extension) throws IOException {
    var digest = Hashes.digest();
    var bytes = Files.copy(new DigestInputStream(in, digest), part);
    AtomicFiles.sync(part);
    return new Landing(part, extension, bytes, Hashes.hex(digest));
  }

  /** Whether a file holds just these bytes; false if there is none. */
  static boolean holds(Path file, long bytes, String sha256) throws IOException {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        && Files.size(file) == bytes
        && Hashes.sha256(file).equals(sha256);
  }

  /** A stem cut so that a number and any extension have room behind it: one cut for all files. */
  static String cut(String stem) {
    var fitting = Names.fit(stem, ROOM);
    return fitting.substring(0, fitting.length() - ROOM.length());
  }
}
