package io.klingdrop.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes a file's bytes ours. A renamed file is still the one that others have open, or that has
 * another name as a hard link; what they write to it later would be sent though it was never
 * checked. A copy in its place has no such ways in.
 */
public final class OwnCopy {

  private OwnCopy() {}

  /**
   * Replaces a file in a folder of ours by a copy of it, with its time and group, and with its
   * rights but for those of others to write. May be cut off and done again.
   *
   * @param bytes how many it must have
   * @return the copy's SHA-256 in lower-case hex
   * @throws UnreadableException if it cannot be read; it stays as it is
   * @throws IOException if it changed meanwhile, or there is no room
   */
  public static String replace(Path file, long bytes) throws IOException {
    var before = attributes(file);
    if (before.size() != bytes) {
      throw changed(file);
    }
    var digest = Hashes.digest();
    try (var in = open(file)) {
      AtomicFiles.writeWhole(
          file,
          part -> {
            try (var out = AtomicFiles.create(part)) {
              var buffer = new byte[1 << 16];
              for (int n = read(in, buffer); n >= 0; n = read(in, buffer)) {
                digest.update(buffer, 0, n);
                out.write(buffer, 0, n);
              }
            }
            dress(file, part);
            Files.setLastModifiedTime(part, before.lastModifiedTime());
            refuseChanged(file, part, before);
          });
    }
    return Hashes.hex(digest);
  }

  private static InputStream open(Path file) throws UnreadableException {
    try {
      return Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      throw new UnreadableException(e);
    }
  }

  private static int read(InputStream in, byte[] buffer) throws UnreadableException {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw new UnreadableException(e);
    }
  }

  private static void refuseChanged(Path file, Path copy, BasicFileAttributes before)
      throws IOException {
    if (!AtomicFiles.unchanged(before, attributes(file)) || Files.size(copy) != before.size()) {
      throw changed(file);
    }
  }

  private static IOException changed(Path file) {
    return new IOException(file.getFileName() + " changed while it was taken");
  }

  /** Rights and group, where the system knows them and lets us. */
  private static void dress(Path file, Path copy) throws IOException {
    var from = view(file);
    var to = view(copy);
    if (from == null || to == null) {
      return;
    }
    var attributes = from.readAttributes();
    try {
      to.setGroup(attributes.group());
    } catch (IOException e) {
      // a group we are not in
    }
    var rights = new HashSet<>(attributes.permissions());
    rights.remove(PosixFilePermission.GROUP_WRITE);
    rights.remove(PosixFilePermission.OTHERS_WRITE);
    rights.add(PosixFilePermission.OWNER_READ);
    rights.add(PosixFilePermission.OWNER_WRITE);
    to.setPermissions(rights);
  }

  private static @Nullable PosixFileAttributeView view(Path file) {
    return Files.getFileAttributeView(
        file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
  }

  private static BasicFileAttributes attributes(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }
}
