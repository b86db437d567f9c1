package io.klingdrop.files;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what a crash left under temporary names of this room. Links are not followed; what
 * changed since {@code before} is somebody's at work. The files of a bundle that was being handed
 * in have other names: they may be all there is of it.
 */
public final class Sweep extends SimpleFileVisitor<Path> {
  private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);

  private final FileTime before;
  private int removed;

  private Sweep(Instant before) {
    this.before = FileTime.from(before);
  }

  /**
   * Sweeps whole trees. Never fails: what cannot be removed stays for the next time.
   *
   * @return how many files and folders were removed
   */
  public static int of(Iterable<Path> trees, Instant before) {
    var sweep = new Sweep(before);
    for (var tree : trees) {
      try {
        Files.walkFileTree(tree, sweep);
      } catch (IOException e) {
        LOG.debug("{} is not swept: {}", tree, e.toString());
      }
    }
    return sweep.removed;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
    var name = file.getFileName().toString();
    if (attributes.isRegularFile() && TempName.isOurs(name)) {
      remove(file);
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) {
    var name = folder.getFileName() == null ? "" : folder.getFileName().toString();
    if (TempName.isOurs(name)) {
      remove(folder);
    } else if (TempName.isBegun(name)) {
      removeBegun(folder);
    }
    return FileVisitResult.CONTINUE;
  }

  /** Only notes are ever in there; with anything else it stays. */
  private void removeBegun(Path folder) {
    try {
      if (lastChange(folder).compareTo(before) < 0) {
        AtomicFiles.clearNotes(folder);
        removed++;
      }
    } catch (IOException e) {
      LOG.debug("{} stays: {}", folder, e.toString());
    }
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException e) {
    return FileVisitResult.CONTINUE;
  }

  private void remove(Path path) {
    try {
      if (lastChange(path).compareTo(before) < 0) {
        Files.delete(path);
        removed++;
      }
    } catch (IOException e) {
      LOG.debug("{} stays: {}", path, e.toString());
    }
  }

  /** A copy has the old time of its source before it has its name. */
  private static FileTime lastChange(Path path) throws IOException {
    var views = path.getFileSystem().supportedFileAttributeViews();
    return views.contains("unix")
            && Files.getAttribute(path, "unix:ctime", LinkOption.NOFOLLOW_LINKS)
                instanceof FileTime changed
        ? changed
        : Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS);
  }
}
