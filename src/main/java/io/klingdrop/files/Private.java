package io.klingdrop.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * What is for the eyes of the service's own user: folders of mode 0700, files of 0600. Without
 * effect where the file system knows no such modes.
 */
public final class Private {
  private static final Set<PosixFilePermission> FOLDER =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");

  private Private() {}

  /** Makes a folder and those above it that are missing; only what is made now becomes private. */
  public static Path folder(Path folder) throws IOException {
    return Files.createDirectories(folder, mode(folder, FOLDER));
  }

  /** What to give to whoever creates a file. */
  public static FileAttribute<?>[] file(Path file) {
    return mode(file, FILE);
  }

  private static FileAttribute<?>[] mode(Path path, Set<PosixFilePermission> mode) {
    return posix(path)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(mode)}
        : new FileAttribute<?>[0];
  }

  private static boolean posix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /**
   * Takes the rights of others away from a folder and from what lies directly in it, where this
   * process owns it. What cannot be changed stays as it is.
   *
   * @return whether anything was changed
   */
  public static boolean tighten(Path folder) throws IOException {
    if (!posix(folder)) {
      return false;
    }
    var changed = take(folder);
    try (var inside = Files.newDirectoryStream(folder)) {
      for (var path : inside) {
        changed |= take(path);
      }
    }
    return changed;
  }

  /** The same for one file or folder. */
  public static boolean take(Path path) throws IOException {
    if (!posix(path) || Files.isSymbolicLink(path) || !isOurs(path)) {
      return false;
    }
    var now = Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
    var own = EnumSet.copyOf(FOLDER);
    own.retainAll(now);
    if (own.equals(now)) {
      return false;
    }
    try {
      Files.setPosixFilePermissions(path, own);
      return true;
    } catch (IOException e) {
      // some mounts keep one mode for all
      return false;
    }
  }

  private static boolean isOurs(Path path) throws IOException {
    var self = Path.of("/proc/self");
    var owner = Files.getOwner(path, LinkOption.NOFOLLOW_LINKS);
    return Files.exists(self)
        ? owner.equals(Files.getOwner(self))
        : owner.getName().equals(System.getProperty("user.name"));
  }

  /** Whether users besides the owner can read a file; false if that cannot be known. */
  public static boolean isOpenToOthers(Path file) {
    try {
      var rights = Files.getPosixFilePermissions(file);
      return rights.contains(PosixFilePermission.GROUP_READ)
          || rights.contains(PosixFilePermission.OTHERS_READ);
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
