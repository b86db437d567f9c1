package io.klingdrop.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.klingdrop.files.AtomicFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder that is copied while its jobs go on. */
class DataCopyTest {
  @TempDir private Path temp;
  private Path data;
  private Path copy;

  @BeforeEach
  void open() throws IOException {
    data = Files.createDirectories(temp.resolve("data"));
    copy = temp.resolve("copy");
  }

  private List<String> copied() throws IOException {
    try (var walk = Files.walk(copy)) {
      return walk.filter(Files::isRegularFile)
          .map(file -> copy.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  private static void run(Work work) {
    try {
      work.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  @Test
  void aFileThatGoesWhileItsFolderIsReadKeepsNoOtherFromBeingCopied() throws IOException {
    var folders = List.of("a", "b", "c", "d");
    for (var folder : folders) {
      Files.createDirectories(data.resolve(folder));
      for (var file : List.of("one", "two", "three")) {
        Files.writeString(data.resolve(folder).resolve(file), folder + file);
      }
    }
    var begun = new HashSet<Path>();

    new DataCopy(data, copy, path -> othersGo(path, begun)).copy();

    var names = new ArrayList<String>();
    copied().forEach(name -> names.add(name.substring(0, 1)));
    assertThat(names).containsExactlyElementsOf(folders);
  }

  /**
   * The names of a folder are known by now: all but the first file are gone when it comes to them.
   */
  private static boolean othersGo(Path path, Set<Path> begun) {
    if (Files.isRegularFile(path) && begun.add(path.getParent())) {
      run(
          () -> {
            try (var files = Files.list(path.getParent())) {
              for (var file : files.filter(file -> !file.equals(path)).toList()) {
                Files.delete(file);
              }
            }
          });
    }
    return false;
  }

  @Test
  void aFolderThatGoesKeepsNoOtherFromBeingCopied() throws IOException {
    for (var job : List.of("1", "2", "3", "4", "5", "6")) {
      Files.writeString(Files.createDirectories(data.resolve(job)).resolve("in"), job);
    }
    var seen = new ArrayList<Path>();

    new DataCopy(data, copy, path -> everySecondGoes(path, seen)).copy();

    assertThat(copied()).hasSize(3);
  }

  /** With each folder that is come to, one that is yet to come goes. */
  private boolean everySecondGoes(Path path, List<Path> seen) {
    if (Files.isDirectory(path) && path.getParent().equals(data)) {
      seen.add(path);
      run(
          () -> {
            try (var folders = Files.list(data)) {
              var next = folders.filter(folder -> !seen.contains(folder)).findAny();
              if (next.isPresent()) {
                AtomicFiles.deleteTree(next.get());
              }
            }
          });
    }
    return false;
  }

  @Test
  void whatIsThereAndCannotBeReadFailsTheCopy() throws IOException {
    var file = Files.writeString(data.resolve("video"), "paid for");
    var all = new DataCopy(data, copy, path -> false);

    var refused = new AccessDeniedException(file.toString());
    assertThatThrownBy(() -> all.visitFileFailed(file, refused)).isSameAs(refused);
    assertThatThrownBy(() -> all.postVisitDirectory(data, refused)).isSameAs(refused);
    Files.createSymbolicLink(data.resolve("loop"), data);
    assertThatThrownBy(all::copy).isInstanceOf(FileSystemLoopException.class);
  }

  @Test
  void aWorkFolderOnAnotherDiskIsCopiedToo() throws IOException {
    var disk = Files.createDirectories(temp.resolve("disk"));
    Files.writeString(disk.resolve("video"), "paid for");
    Files.createSymbolicLink(data.resolve("work"), disk);

    new DataCopy(data, copy, path -> false).copy();

    assertThat(copied()).containsExactly("work/video");
    assertThat(copy.resolve("work"))
        .isDirectory()
        .extracting(Files::isSymbolicLink)
        .isEqualTo(false);
  }
}
