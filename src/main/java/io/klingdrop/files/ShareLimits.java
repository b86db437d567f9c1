package io.klingdrop.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** What a disk or share cannot do, found out by trying. */
public final class ShareLimits {
  private ShareLimits() {}

  /**
   * What the mount of that folder cannot do, found out by trying with hidden files that are removed
   * again: half sentences, none if it can do all.
   *
   * @throws IOException if no file can be made there, or its bytes cannot be made durable
   */
  public static List<String> of(Path folder) throws IOException {
    var limits = new ArrayList<String>();
    var probe = folder.resolve(".klingdrop-" + UUID.randomUUID() + ".part");
    try {
      Files.writeString(probe, "probe");
      AtomicFiles.sync(probe);
      try {
        Shares.force(folder);
      } catch (AccessDeniedException e) {
        // Windows opens no folders
      } catch (IOException e) {
        limits.add("does not make names durable (" + e.getMessage() + ")");
      }
      try {
        Files.setLastModifiedTime(probe, FileTime.fromMillis(0));
      } catch (IOException | UnsupportedOperationException e) {
        limits.add("does not let us set file times");
      }
    } finally {
      Files.deleteIfExists(probe);
    }
    if (!takes(folder, ".klingdrop-:?\"*<>|" + UUID.randomUUID() + ".part")) {
      limits.add("takes no : ? \" * < > | in names; they become _ there");
    }
    if (!takes(folder, ".klingdrop-" + UUID.randomUUID() + "x".repeat(195) + ".part")) {
      limits.add("takes no long names; they are cut to " + PlainNames.MOST_BYTES + " bytes there");
    }
    return limits;
  }

  /**
   * Whether a file there can have a second name, by which nodes give names without taking anybody's
   * place.
   */
  public static boolean linksFiles(Path folder) {
    var one = folder.resolve(TempName.make());
    var other = folder.resolve(TempName.make());
    try {
      Files.createFile(one);
      Files.createLink(other, one);
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    } finally {
      deleteQuietly(one);
      deleteQuietly(other);
    }
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // it is swept at a start
    }
  }

  private static boolean takes(Path folder, String name) {
    try {
      Files.delete(Files.createFile(folder.resolve(name)));
      return true;
    } catch (IOException | InvalidPathException e) {
      return false;
    }
  }
}
