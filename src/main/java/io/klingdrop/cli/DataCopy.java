package io.klingdrop.cli;

import io.klingdrop.files.Private;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a folder that lives on while it is read. What goes meanwhile belongs to a job that has
 * ended: it is left out, and all else is copied still. Links are followed: who moved the work
 * folder to a larger disk has its files in the copy, too.
 *
 * @param leftOut what is not copied, with all below it
 */
record DataCopy(Path from, Path to, Predicate<Path> leftOut) implements FileVisitor<Path> {
  /**
   * Copies what the copy does not hold yet.
   *
   * @throws IOException if anything cannot be copied though it is there
   */
  void copy() throws IOException {
    Files.walkFileTree(from, Set.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, this);
  }

  private Path copyOf(Path path) {
    return to.resolve(from.relativize(path).toString());
  }

  @Override
  public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
      throws IOException {
    if (leftOut.test(folder)) {
      return FileVisitResult.SKIP_SUBTREE;
    }
    Private.folder(copyOf(folder));
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
    var copy = copyOf(file);
    if (!leftOut.test(file) && !Files.exists(copy)) {
      try {
        Files.copy(file, copy);
      } catch (NoSuchFileException | FileAlreadyExistsException e) {
        // it went meanwhile: its job has ended
      }
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
    return unlessGone(e);
  }

  @Override
  public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
      throws IOException {
    return e == null ? FileVisitResult.CONTINUE : unlessGone(e);
  }

  private static FileVisitResult unlessGone(IOException e) throws IOException {
    if (e instanceof NoSuchFileException) {
      return FileVisitResult.CONTINUE;
    }
    throw e;
  }
}
