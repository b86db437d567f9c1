package io.klingdrop.files;

import io.klingdrop.fault.CrashPoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.Objects;

/**
 * Moves and writes that can be cut off at any moment and done again: a file is always whole in at
 * least one place, and nothing that exists is replaced.
 */
public final class AtomicFiles {
  private AtomicFiles() {}

  /**
   * Moves a file: by rename, or by copy, sync and delete where the folders lie on different disks.
   * A move that was cut off after the copy is finished. A file moved to where it is stays there,
   * whatever way the two paths lead to it.
   *
   * @throws FileAlreadyExistsException if another file has the target's name
   * @throws NoSuchFileException if the source is gone
   */
  public static void move(Path source, Path target) throws IOException {
    if (!Files.isRegularFile(source, LinkOption.NOFOLLOW_LINKS)) {
      throw new NoSuchFileException(source.toString());
    }
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      if (onePlace(source, target)) {
        return;
      }
      if (!same(source, target)) {
        throw new FileAlreadyExistsException(target.toString());
      }
      Files.delete(source);
      return;
    }
    try {
      Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
      renamed();
    } catch (AtomicMoveNotSupportedException e) {
      carry(source, target);
    } catch (FileSystemException e) {
      carryAfter(e, source, target);
    }
    syncFolder(parent(target));
  }

  /**
   * Gives a file its name as {@link #move} does, and takes nobody's place even where another node
   * gives the same name in the same instant: by a second name for the file, which no file system
   * gives where one is, then the first goes. Where the mount knows no hard links it is a rename,
   * and a look beforehand is all that guards what is there.
   *
   * @throws FileAlreadyExistsException if another file has the target's name
   * @throws NoSuchFileException if the source is gone
   */
  static void place(Path source, Path target) throws IOException {
    if (!Files.isRegularFile(source, LinkOption.NOFOLLOW_LINKS)) {
      throw new NoSuchFileException(source.toString());
    }
    try {
      Files.createLink(target, source);
    } catch (FileAlreadyExistsException e) {
      if (onePlace(source, target)) {
        return;
      }
      if (!Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS) || !same(source, target)) {
        throw e;
      }
    } catch (NoSuchFileException e) {
      throw e;
    } catch (FileSystemException | UnsupportedOperationException e) {
      if (oneDisk(source, target)) {
        move(source, target);
        return;
      }
      copy(source, target, AtomicFiles::place);
      copiedAcrossDisks();
    }
    Files.delete(source);
    syncFolder(parent(target));
  }

  private static boolean oneDisk(Path source, Path target) throws IOException {
    return Files.getFileStore(parent(source)).equals(Files.getFileStore(parent(target)));
  }

  static void renamed() {
    CrashPoint.at("files.moved");
  }

  static void copiedAcrossDisks() {
    CrashPoint.at("files.copied-across-disks");
  }

  private static void carry(Path source, Path target) throws IOException {
    copy(source, target);
    copiedAcrossDisks();
    Files.delete(source);
  }

  /**
   * Some shares rename within one folder only, and not all say that with EXDEV. Where the folder or
   * the name is what is refused, a copy is refused as well, and nothing is lost by trying: but a
   * name that may be refused is better tried in its plain form first.
   */
  private static void carryAfter(FileSystemException refusal, Path source, Path target)
      throws IOException {
    var name = target.getFileName().toString();
    if (refusal instanceof NoSuchFileException
        || refusal instanceof FileAlreadyExistsException
        || refusal instanceof AccessDeniedException
        || parent(source).equals(parent(target))
        || !PlainNames.of(name).equals(name)) {
      throw refusal;
    }
    try {
      carry(source, target);
    } catch (IOException e) {
      refusal.addSuppressed(e);
      throw refusal;
    }
  }

  /** Copies a file whole: under a temporary name, synced, then renamed. */
  public static void copy(Path source, Path target) throws IOException {
    copy(source, target, AtomicFiles::rename);
  }

  private static void copy(Path source, Path target, Naming naming) throws IOException {
    if (!Files.isRegularFile(source, LinkOption.NOFOLLOW_LINKS)) {
      throw new NoSuchFileException(source.toString());
    }
    try (var in = Files.newInputStream(source, LinkOption.NOFOLLOW_LINKS)) {
      var time = Files.getLastModifiedTime(source, LinkOption.NOFOLLOW_LINKS);
      writeWhole(target, filled(in, Long.MAX_VALUE, time, part -> {}), naming);
    }
  }

  /** Copies at most so many bytes; {@code last} throws if the copy is not to get its name. */
  static void copy(InputStream in, long most, FileTime time, Path target, Fitting.Act last)
      throws IOException {
    writeWhole(target, filled(in, most, time, last));
  }

  private static Fitting.Act filled(InputStream in, long most, FileTime time, Fitting.Act last) {
    return part -> {
      try (var out = create(part)) {
        var buffer = new byte[1 << 16];
        var left = most;
        for (int n = 0; n >= 0 && left > 0; left -= Math.max(0, n)) {
          n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
          out.write(buffer, 0, Math.max(0, n));
        }
      }
      Shares.keepTime(part, time);
      last.to(part);
    };
  }

  /** Writes a text whole, replacing what has the name. */
  public static void write(Path target, String text) throws IOException {
    writeWhole(
        target,
        part -> {
          try (var out = create(part)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
          }
        });
  }

  /**
   * Gives a file its name once it is whole and synced; what had the name is replaced.
   *
   * @param filling fills a new file under a name nobody knew before
   */
  static void writeWhole(Path target, Fitting.Act filling) throws IOException {
    writeWhole(target, filling, AtomicFiles::rename);
  }

  /** How a file that is whole gets its name. */
  @FunctionalInterface
  private interface Naming {
    void give(Path part, Path target) throws IOException;
  }

  private static void rename(Path part, Path target) throws IOException {
    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void writeWhole(Path target, Fitting.Act filling, Naming naming)
      throws IOException {
    var part = target.resolveSibling(TempName.make());
    try {
      filling.to(part);
      CrashPoint.at("files.part-written");
      sync(part);
      CrashPoint.at("files.part-synced");
      naming.give(part, target);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(part);
      throw e;
    }
    CrashPoint.at("files.part-renamed");
    syncFolder(parent(target));
  }

  /** A file nobody else has made: neither one that is there nor a link is written to. */
  static OutputStream create(Path part) throws IOException {
    return Files.newOutputStream(
        part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
  }

  /** Makes a file's bytes durable. */
  public static void sync(Path file) throws IOException {
    try (var channel =
        FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      channel.force(true);
    }
  }

  /**
   * Makes a folder's names durable, where its mount can do that.
   *
   * @throws NoSuchFileException if the folder is gone
   */
  public static void syncFolder(Path folder) throws IOException {
    Shares.syncFolder(folder);
  }

  /** Removes a tree of our own making; nothing happens if it is gone. Links are not followed. */
  public static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (var walk = Files.walk(root)) {
      for (var path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /**
   * Removes the notes klingdrop left in a folder, and the folder if nothing else is in it. A folder
   * somebody put other things into stays.
   */
  public static void clearNotes(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    for (var note : Names.NOTES) {
      Files.deleteIfExists(folder.resolve(note));
    }
    try (var rest = Files.list(folder)) {
      if (rest.findAny().isPresent()) {
        return;
      }
    }
    Files.delete(folder);
  }

  private static boolean onePlace(Path source, Path target) throws IOException {
    return !Files.isSymbolicLink(target) && source.toRealPath().equals(target.toRealPath());
  }

  private static boolean same(Path a, Path b) throws IOException {
    return Files.size(a) == Files.size(b) && Hashes.sha256(a).equals(Hashes.sha256(b));
  }

  /** Whether a file is still the one it was, with the bytes it had. */
  static boolean unchanged(BasicFileAttributes before, BasicFileAttributes now) {
    return now.size() == before.size()
        && now.lastModifiedTime().equals(before.lastModifiedTime())
        && Objects.equals(now.fileKey(), before.fileKey());
  }

  /** The folder of a file. */
  static Path parent(Path file) {
    var parent = file.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IllegalArgumentException("has no folder: " + file);
    }
    return parent;
  }
}
