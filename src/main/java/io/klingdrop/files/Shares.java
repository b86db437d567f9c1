package io.klingdrop.files;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What many shares refuse and no promise needs: making the names of a folder durable, and giving a
 * file the time of another. It is tried; a refusal is told once for each mount. That the bytes of a
 * file are on the disk is never given up, see {@link AtomicFiles#sync}. Thread-safe.
 */
public final class Shares {
  private static final Logger LOG = LoggerFactory.getLogger(Shares.class);
  private static final Set<String> TOLD = ConcurrentHashMap.newKeySet();

  private Shares() {}

  /**
   * Makes a folder's names durable where its mount can do that (CIFS of old servers, FUSE and the
   * folders of Docker Desktop answer EINVAL, ENOTSUP or EIO).
   *
   * @throws NoSuchFileException if the folder is gone
   */
  static void syncFolder(Path folder) throws IOException {
    try {
      force(folder);
    } catch (NoSuchFileException | NotDirectoryException e) {
      throw e;
    } catch (FileNotFoundException | AccessDeniedException e) {
      // Windows opens no folders; its renames are durable by themselves
    } catch (IOException e) {
      tell(
          folder,
          "does not make the names of files durable ({}). It goes on: files are whole, but one that"
              + " was moved just before a power cut there may lie where it was",
          e);
    }
  }

  static void force(Path folder) throws IOException {
    try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Gives a file this time where its mount allows it (a mount of another user does not). */
  static void keepTime(Path file, FileTime time) {
    try {
      Files.setLastModifiedTime(file, time);
    } catch (IOException | UnsupportedOperationException e) {
      tell(
          file.toAbsolutePath().resolveSibling(""),
          "does not let us set the time of files ({}). It goes on: copies have the time they were"
              + " made",
          e);
    }
  }

  private static void tell(Path folder, String what, Exception e) {
    if (TOLD.add(mount(folder) + " " + what)) {
      LOG.warn("the disk or share of {} " + what, folder, String.valueOf(e.getMessage()));
    }
  }

  private static String mount(Path folder) {
    try {
      var store = Files.getFileStore(folder);
      return store.name() + " " + store.type();
    } catch (IOException | UnsupportedOperationException e) {
      return folder.toString();
    }
  }
}
