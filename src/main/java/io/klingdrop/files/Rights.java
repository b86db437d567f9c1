package io.klingdrop.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;

/** Who may do what with a file, in words that let a person mend it. */
public final class Rights {
  private static final Path PROCESS = Path.of("/proc/self");
  private static final int STICKY = 01000;

  private Rights() {}

  /**
   * What a file's owner and mode are and who asks: {@code "it belongs to root:studio, mode
   * rwxr-x---; klingdrop runs as kd"}.
   */
  public static String of(Path path) {
    try {
      var file = Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return "it belongs to %s:%s, mode %s%s; klingdrop runs as %s"
          .formatted(
              file.owner().getName(),
              file.group().getName(),
              PosixFilePermissions.toString(file.permissions()),
              sticky(path) ? " with the sticky bit" : "",
              us());
    } catch (IOException | UnsupportedOperationException e) {
      return "klingdrop runs as " + us();
    }
  }

  /** Why something failed: the system's word, or rights with owner, mode and who we are. */
  public static String why(Path path, IOException failure) {
    if (denied(failure)) {
      return "permission denied: " + of(path);
    }
    var words =
        failure instanceof FileSystemException file ? file.getReason() : failure.getMessage();
    return words == null ? failure.toString() : words;
  }

  /** Whether the system refused because of rights, and will again until somebody gives them. */
  public static boolean denied(Throwable failure) {
    if (failure instanceof UnreadableException unreadable && unreadable.getCause() != null) {
      return denied(unreadable.getCause());
    }
    if (failure instanceof AccessDeniedException) {
      return true;
    }
    if (!(failure instanceof FileSystemException file) || file.getReason() == null) {
      return false;
    }
    var reason = file.getReason().toLowerCase(Locale.ROOT);
    return reason.contains("not permitted") || reason.contains("read-only");
  }

  /** Whether files may be put into a folder and moved out of it, but for a sticky bit. */
  public static boolean mayChange(Path folder) {
    return Files.isWritable(folder) && Files.isExecutable(folder);
  }

  /** Whether a sticky folder keeps a file that is not ours. */
  public static boolean keeps(Path stickyFolder, Path file) {
    try {
      var us = owner(PROCESS);
      return us != 0 && us != owner(stickyFolder) && us != owner(file);
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return false;
    }
  }

  /** Whether only the owner of a file may move it out of that folder. */
  public static boolean sticky(Path folder) {
    try {
      return folder.getFileSystem().supportedFileAttributeViews().contains("unix")
          && Files.getAttribute(folder, "unix:mode", LinkOption.NOFOLLOW_LINKS)
              instanceof Integer mode
          && (mode & STICKY) != 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static int owner(Path path) throws IOException {
    return Files.getAttribute(path, "unix:uid") instanceof Integer uid ? uid : 0;
  }

  /** The user this process runs as: as the system has it, else as Java was told. */
  private static String us() {
    try {
      return Files.getOwner(PROCESS).getName();
    } catch (IOException | UnsupportedOperationException e) {
      return System.getProperty("user.name", "somebody unknown");
    }
  }
}
