package io.klingdrop.files;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A folder that others may write to, reached from a root of ours level by level. No level is a
 * link, and what is done here happens in that very folder, wherever its path leads meanwhile. For
 * one thread.
 *
 * <p>Where the system cannot hold a folder open (Windows), the levels are looked at before and
 * after each act instead, and {@link #moveIn} is refused, for a look afterwards comes too late.
 */
public final class RootedFolder implements AutoCloseable {
  private final Path path;
  private final Path root;
  private final @Nullable SecureDirectoryStream<Path> held;

  private RootedFolder(Path root, Path path, @Nullable SecureDirectoryStream<Path> held) {
    this.root = root;
    this.path = path;
    this.held = held;
  }

  /**
   * Opens a folder that is there.
   *
   * @param root followed if it is a link: it is ours
   * @throws FolderLostException if a level is a link or no folder, or lies outside
   * @throws NoSuchFileException if a level is missing
   */
  public static RootedFolder open(Path root, Path folder) throws IOException {
    return open(root, folder, false, at -> {});
  }

  /** The same; missing levels are made. */
  public static RootedFolder make(Path root, Path folder) throws IOException {
    return open(root, folder, true, at -> {});
  }

  /** The same; {@code looked} hears of each level before it is opened and after, for tests. */
  static RootedFolder open(Path root, Path folder, boolean making, Consumer<Path> looked)
      throws IOException {
    if (!folder.normalize().equals(folder) || !folder.startsWith(root)) {
      throw new FolderLostException(folder + " does not lie in " + root);
    }
    var stream = stream(root);
    if (!(stream instanceof SecureDirectoryStream<Path> secure)) {
      stream.close();
      var unheld = new RootedFolder(root, folder, null);
      unheld.refuseLinks();
      return unheld;
    }
    if (folder.equals(root)) {
      return new RootedFolder(root, folder, secure);
    }
    var here = secure;
    var at = root;
    try {
      for (var level : root.relativize(folder)) {
        at = at.resolve(level);
        if (making && !there(here, level)) {
          makeLevel(root, here, level);
        }
        var next = level(here, level, at, looked);
        here.close();
        here = next;
      }
      return new RootedFolder(root, folder, here);
    } catch (IOException | RuntimeException e) {
      here.close();
      throw e;
    }
  }

  private static boolean there(SecureDirectoryStream<Path> in, Path level) throws IOException {
    try {
      attributes(in, level);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Made in the root and renamed: the only way to make a folder in one that is held open. */
  private static void makeLevel(Path root, SecureDirectoryStream<Path> in, Path level)
      throws IOException {
    var made = Files.createDirectory(root.resolve(TempName.make()));
    try (var top = secure(root)) {
      top.move(made.getFileName(), in, level);
    } catch (IOException e) {
      Files.deleteIfExists(made);
      throw new FolderLostException(level + " cannot be made anew: " + e);
    }
  }

  /**
   * Opens a folder in another. Opened as {@code level/.}, for that never waits for a writer as a
   * pipe does, and compared with what has the name: only a link leads elsewhere.
   *
   * @throws FolderLostException if it is a link or no folder
   */
  public static SecureDirectoryStream<Path> level(
      SecureDirectoryStream<Path> in, Path level, Path path, Consumer<Path> looked)
      throws IOException {
    if (!attributes(in, level).isDirectory()) {
      throw new FolderLostException(path + " is a link or no folder");
    }
    looked.accept(path);
    // never by way of text: a name may hold bytes that are no letters in this locale
    var next = in.newDirectoryStream(level.resolve("."));
    try {
      looked.accept(path);
      var named = attributes(in, level);
      var opened = next.getFileAttributeView(BasicFileAttributeView.class).readAttributes();
      if (!named.isDirectory() || !Objects.equals(named.fileKey(), opened.fileKey())) {
        throw new FolderLostException(path + " is a link or no folder");
      }
      return next;
    } catch (IOException | RuntimeException e) {
      next.close();
      throw e;
    }
  }

  /** What has that name in a folder that is held open; of a link, the link itself. */
  public static BasicFileAttributes attributes(SecureDirectoryStream<Path> in, Path name)
      throws IOException {
    return in.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .readAttributes();
  }

  /** Open until its owner closes it, and never read from. */
  private static DirectoryStream<Path> stream(Path folder) throws IOException {
    return folder.getFileSystem().provider().newDirectoryStream(folder, any -> true);
  }

  /** A folder of ours, held open. */
  private static SecureDirectoryStream<Path> secure(Path folder) throws IOException {
    var stream = stream(folder);
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      return secure;
    }
    stream.close();
    throw new FolderLostException(folder + " cannot be held open");
  }

  /** What has that name here; of a link, the link itself. */
  public BasicFileAttributes attributes(String name) throws IOException {
    return held == null
        ? Files.readAttributes(
            path.resolve(name), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        : attributes(held, Path.of(name));
  }

  /** Whether anything has that name here. */
  public boolean has(String name) throws IOException {
    try {
      attributes(name);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** The first bytes of a file, at most {@code most}. */
  public byte[] read(String name, int most) throws IOException {
    if (!attributes(name).isRegularFile()) {
      throw new NoSuchFileException(path.resolve(name) + " is no file");
    }
    try (var in = Channels.newInputStream(read(name))) {
      return in.readNBytes(most);
    }
  }

  /**
   * Moves what has that name to a folder of ours, where a file of the same bytes is the rest of a
   * move that was cut off. A link comes as a link.
   *
   * @param mostCopied bytes that are copied where the folders lie on different disks
   * @throws FileAlreadyExistsException if another file has the target's name
   * @throws IOException if the file is on another disk and larger than that
   */
  public void moveOut(String name, Path target, long mostCopied) throws IOException {
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      if (!same(name, target)) {
        throw new FileAlreadyExistsException(target.toString());
      }
      delete(name);
      return;
    }
    try {
      rename(name, target);
      AtomicFiles.renamed();
    } catch (AtomicMoveNotSupportedException e) {
      var bytes = attributes(name).size();
      if (bytes > mostCopied) {
        throw new IOException(
            "%s has %,d bytes and lies on another disk; so much is not copied"
                .formatted(name, bytes));
      }
      copy(name, target, bytes);
      AtomicFiles.copiedAcrossDisks();
      delete(name);
    }
    AtomicFiles.syncFolder(AtomicFiles.parent(target));
  }

  private void rename(String name, Path target) throws IOException {
    if (held == null) {
      Files.move(unheld(name), target, StandardCopyOption.ATOMIC_MOVE);
      refuseLinks();
      return;
    }
    try (var to = secure(AtomicFiles.parent(target))) {
      held.move(Path.of(name), to, target.getFileName());
    }
  }

  private boolean same(String name, Path target) throws IOException {
    if (!attributes(name).isRegularFile()
        || !Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)
        || attributes(name).size() != Files.size(target)) {
      return false;
    }
    try (var in = Channels.newInputStream(read(name))) {
      return Hashes.sha256(in).equals(Hashes.sha256(target));
    }
  }

  /** Removes a file or a link. */
  public void delete(String name) throws IOException {
    if (held == null) {
      Files.delete(unheld(name));
    } else {
      held.deleteFile(Path.of(name));
    }
  }

  /** Copies at most so many bytes of a file to a folder of ours, unless it changes meanwhile. */
  public void copy(String name, Path target, long most) throws IOException {
    var before = attributes(name);
    if (!before.isRegularFile()) {
      throw new NoSuchFileException(path.resolve(name) + " is no file");
    }
    try (var in = Channels.newInputStream(read(name))) {
      AtomicFiles.copy(
          in, most, before.lastModifiedTime(), target, part -> refuseChanged(name, before));
    }
  }

  private SeekableByteChannel read(String name) throws IOException {
    Set<OpenOption> options = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    return held == null
        ? Files.newByteChannel(unheld(name), options)
        : held.newByteChannel(Path.of(name), options);
  }

  private void refuseChanged(String name, BasicFileAttributes before) throws IOException {
    if (held == null) {
      refuseLinks();
    }
    if (!AtomicFiles.unchanged(before, attributes(name))) {
      throw new IOException(name + " changed while it was copied");
    }
  }

  /**
   * Moves something of ours into this folder; nothing that is there is replaced.
   *
   * @throws FileAlreadyExistsException if the name is taken
   * @throws FolderLostException where no folder can be held open
   */
  public void moveIn(Path source, String name) throws IOException {
    if (held == null) {
      throw new FolderLostException("here no folder can be held open");
    }
    if (there(held, Path.of(name))) {
      throw new FileAlreadyExistsException(path.resolve(name).toString());
    }
    try (var from = secure(AtomicFiles.parent(source))) {
      from.move(source.getFileName(), held, Path.of(name));
    } catch (AtomicMoveNotSupportedException e) {
      copyIn(held, source, name);
    }
  }

  private static void copyIn(SecureDirectoryStream<Path> held, Path source, String name)
      throws IOException {
    var part = Path.of(TempName.make());
    try {
      try (var in = Files.newInputStream(source, LinkOption.NOFOLLOW_LINKS);
          var out =
              held.newByteChannel(
                  part,
                  Set.of(
                      StandardOpenOption.CREATE_NEW,
                      StandardOpenOption.WRITE,
                      LinkOption.NOFOLLOW_LINKS))) {
        in.transferTo(Channels.newOutputStream(out));
        if (out instanceof FileChannel file) {
          file.force(true);
        }
      }
      held.getFileAttributeView(part, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
          .setTimes(Files.getLastModifiedTime(source, LinkOption.NOFOLLOW_LINKS), null, null);
      held.move(part, held, Path.of(name));
    } catch (IOException e) {
      deleteQuietly(held, part);
      throw e;
    }
    Files.delete(source);
  }

  private static void deleteQuietly(SecureDirectoryStream<Path> held, Path part) {
    try {
      held.deleteFile(part);
    } catch (IOException e) {
      // never made; or it is swept at a start
    }
  }

  /** The path of a name where no folder can be held open. */
  private Path unheld(String name) throws IOException {
    refuseLinks();
    return path.resolve(name);
  }

  private void refuseLinks() throws IOException {
    for (var at = path;
        at != null && at.startsWith(root) && !at.equals(root);
        at = at.getParent()) {
      if (Files.exists(at, LinkOption.NOFOLLOW_LINKS)
          && !Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
        throw new FolderLostException(at + " is a link or no folder");
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (held != null) {
      held.close();
    }
  }
}
