package io.klingdrop.intake;

import io.klingdrop.files.FolderLostException;
import io.klingdrop.files.RootedFolder;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a tree that others write to. Each folder is opened from the one above it, which is held
 * open, and never over a link: what is read is what lies in the tree, whatever is swapped for what
 * meanwhile. Where the system holds no folder open (Windows), a folder is looked at before and
 * after. For one thread.
 */
record FolderWalk(Visitor visitor, Consumer<Path> looked) {
  private static final Logger LOG = LoggerFactory.getLogger(FolderWalk.class);

  /** What is told of the tree. */
  interface Visitor {
    /** A folder was met; answers whether to look into it. Each level holds two open files. */
    boolean enter(Path folder);

    /** Something was met that is no folder; links are links here. */
    void file(Path file, BasicFileAttributes attributes);

    /** A folder could not be read, or only in part. */
    void closed(Path folder, IOException cause);
  }

  /**
   * Reads the whole tree once.
   *
   * @param root followed if it is a link: it is ours
   * @param looked hears of each folder between the look at it and its opening, for tests
   * @throws IOException if the root itself cannot be read
   */
  static void walk(Path root, Visitor visitor, Consumer<Path> looked) throws IOException {
    var walk = new FolderWalk(visitor, looked);
    try (var stream = Files.newDirectoryStream(root)) {
      walk.read(stream, root);
    } catch (DirectoryIteratorException e) {
      throw cause(e);
    }
  }

  private void read(DirectoryStream<Path> folder, Path path) {
    for (var entry : folder) {
      var name = entry.getFileName();
      var child = path.resolve(name);
      try {
        var attributes = attributes(folder, child, name);
        if (!attributes.isDirectory()) {
          visitor.file(child, attributes);
        } else if (visitor.enter(child)) {
          go(folder, child, name);
        }
      } catch (IOException e) {
        LOG.debug("gone from the inbox while it was read: {}", e.getMessage());
      } catch (InvalidPathException e) {
        // one name that is no path in this locale must not keep the others
        LOG.debug("passed over in the inbox: {}", e.getMessage());
      }
    }
  }

  private void go(DirectoryStream<Path> above, Path path, Path name) {
    looked.accept(path);
    try (var folder = open(above, path, name)) {
      read(folder, path);
    } catch (DirectoryIteratorException e) {
      visitor.closed(path, cause(e));
    } catch (IOException e) {
      var swapped = e instanceof NotDirectoryException || e instanceof FolderLostException;
      if (!swapped && stillFolder(above, path, name)) {
        visitor.closed(path, e);
      } else {
        LOG.debug("gone from the inbox while it was read: {}", e.getMessage());
      }
    }
  }

  private static IOException cause(DirectoryIteratorException e) {
    var cause = e.getCause();
    return cause == null ? new IOException(e) : cause;
  }

  private static boolean stillFolder(DirectoryStream<Path> above, Path path, Path name) {
    try {
      return attributes(above, path, name).isDirectory();
    } catch (IOException e) {
      return false;
    }
  }

  /** Only what had the name when it was looked at; a link leads elsewhere. */
  @SuppressWarnings("StreamResourceLeak") // closed by go(), or here if it was swapped
  private static DirectoryStream<Path> open(DirectoryStream<Path> above, Path path, Path name)
      throws IOException {
    if (above instanceof SecureDirectoryStream<Path> held) {
      return RootedFolder.level(held, name, path, at -> {});
    }
    var opened = Files.newDirectoryStream(path);
    if (!attributes(above, path, name).isDirectory()) {
      opened.close();
      throw new NotDirectoryException(path + " was swapped for something else");
    }
    return opened;
  }

  private static BasicFileAttributes attributes(DirectoryStream<Path> folder, Path path, Path name)
      throws IOException {
    return folder instanceof SecureDirectoryStream<Path> held
        ? RootedFolder.attributes(held, name)
        : Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }
}
