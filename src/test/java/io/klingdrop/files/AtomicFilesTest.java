package io.klingdrop.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
  private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2020-02-02T02:02:02Z"));

  @TempDir private Path folder;
  private Path source;
  private Path there;

  @BeforeEach
  void makeASource() throws IOException {
    source = Files.writeString(folder.resolve("source"), "bytes");
    there = Files.createDirectory(folder.resolve("there"));
  }

  @Test
  void aMovedFileIsInOnePlaceWithItsTime() throws IOException {
    Files.setLastModifiedTime(source, LONG_AGO);

    AtomicFiles.move(source, there.resolve("target"));

    assertThat(source).doesNotExist();
    assertThat(there.resolve("target")).hasContent("bytes");
    assertThat(Files.getLastModifiedTime(there.resolve("target"))).isEqualTo(LONG_AGO);
    assertThat(names(there)).containsExactly("target");
  }

  @Test
  void aFileOfOtherBytesIsNeverReplaced() throws IOException {
    var other = Files.writeString(there.resolve("target"), "BYTES");

    assertThatThrownBy(() -> AtomicFiles.move(source, other))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessageContaining("target");

    assertThat(source).hasContent("bytes");
    assertThat(other).hasContent("BYTES");
  }

  @Test
  void aMoveCutOffBetweenCopyAndDeleteIsFinished() throws IOException {
    var copy = Files.copy(source, there.resolve("target"));

    AtomicFiles.move(source, copy);

    assertThat(source).doesNotExist();
    assertThat(copy).hasContent("bytes");
  }

  @Test
  void aFileMovedOntoItselfIsNotLost() throws IOException {
    AtomicFiles.move(source, source);

    assertThat(source).hasContent("bytes");
  }

  @Test
  void aFileMovedOntoItselfThroughALinkedFolderIsNotLost() throws IOException {
    var link = Files.createSymbolicLink(folder.resolve("link"), folder);

    AtomicFiles.move(source, link.resolve("source"));

    assertThat(source).hasContent("bytes");
  }

  @Test
  void aLinkIsNotAFileToMoveOrCopy() throws IOException {
    var link = Files.createSymbolicLink(folder.resolve("link"), source);

    assertThatThrownBy(() -> AtomicFiles.move(link, there.resolve("target")))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> AtomicFiles.copy(link, there.resolve("target")))
        .isInstanceOf(NoSuchFileException.class);

    assertThat(Files.isSymbolicLink(link)).isTrue();
    assertThat(there).isEmptyDirectory();
  }

  @Test
  void aLinkThatHasTheTargetsNameIsNotWrittenThrough() throws IOException {
    var secret = Files.writeString(folder.resolve("secret"), "secret");
    var link = Files.createSymbolicLink(there.resolve("target"), secret);

    assertThatThrownBy(() -> AtomicFiles.move(source, link)).isInstanceOf(IOException.class);

    assertThat(secret).hasContent("secret");
    assertThat(source).hasContent("bytes");
  }

  @Test
  void aSourceThatIsGoneAndAFolderAreSaidToBeNoFile() throws IOException {
    Files.delete(source);

    assertThatThrownBy(() -> AtomicFiles.move(source, there.resolve("target")))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> AtomicFiles.move(there, folder.resolve("target")))
        .isInstanceOf(NoSuchFileException.class);
    assertThat(there).isDirectory();
  }

  @Test
  void aMoveIntoAFolderThatIsGoneLeavesTheSource() {
    assertThatThrownBy(() -> AtomicFiles.move(source, folder.resolve("gone/target")))
        .isInstanceOf(NoSuchFileException.class);

    assertThat(source).hasContent("bytes");
  }

  @Test
  void aCopyKeepsSourceAndTimeAndLeavesNoHalfFile() throws IOException {
    Files.setLastModifiedTime(source, LONG_AGO);

    AtomicFiles.copy(source, there.resolve("target"));

    assertThat(source).hasContent("bytes");
    assertThat(there.resolve("target")).hasContent("bytes");
    assertThat(Files.getLastModifiedTime(there.resolve("target"))).isEqualTo(LONG_AGO);
    assertThat(names(there)).containsExactly("target");
  }

  @Test
  void aWrittenNoteReplacesTheOlderOneAndLeavesNothingElse() throws IOException {
    var target = there.resolve("note.json");

    AtomicFiles.write(target, "whole");
    AtomicFiles.write(target, "newer");

    assertThat(target).hasContent("newer");
    assertThat(names(there)).containsExactly("note.json");
  }

  @Test
  void aLinkUnderTheNameOnceUsedForHalfWrittenFilesIsNotWrittenThrough() throws IOException {
    var secret = Files.writeString(folder.resolve("secret"), "secret");
    var target = there.resolve("note.json");
    var once = "." + Integer.toHexString(target.hashCode()) + ".part";
    Files.createSymbolicLink(there.resolve(once), secret);

    AtomicFiles.write(target, "note");
    AtomicFiles.copy(source, target);

    assertThat(secret).hasContent("secret");
    assertThat(target).hasContent("bytes");
  }

  @Test
  void nobodyCanKnowTheNameOfAHalfWrittenFileOrLaySomethingThere() throws IOException {
    assertThat(Stream.generate(TempName::make).limit(100)).doesNotHaveDuplicates();
    var laid = Files.writeString(folder.resolve("laid"), "before");

    assertThatThrownBy(() -> AtomicFiles.create(laid).close())
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(laid).hasContent("before");
  }

  @Test
  void aWriteThatFailsLeavesNoHalfFile() throws IOException {
    Files.createDirectories(there.resolve("target/full"));

    assertThatThrownBy(() -> AtomicFiles.write(there.resolve("target"), "x"))
        .isInstanceOf(IOException.class);

    assertThat(names(there)).containsExactly("target");
  }

  @Test
  void aTreeIsRemovedWithoutFollowingItsLinks() throws IOException {
    Files.createDirectories(there.resolve("a/b"));
    Files.writeString(there.resolve("a/b/file"), "x");
    var outside = Files.createDirectory(folder.resolve("outside"));
    Files.writeString(outside.resolve("kept"), "kept");
    Files.createSymbolicLink(there.resolve("a/link"), outside);

    AtomicFiles.deleteTree(there);
    AtomicFiles.deleteTree(there);

    assertThat(there).doesNotExist();
    assertThat(outside.resolve("kept")).hasContent("kept");
  }

  @Test
  void ofATreeThatIsALinkOnlyTheLinkIsRemoved() throws IOException {
    Files.writeString(there.resolve("kept"), "kept");
    var link = Files.createSymbolicLink(folder.resolve("link"), there);

    AtomicFiles.deleteTree(link);

    assertThat(Files.isSymbolicLink(link)).isFalse();
    assertThat(there.resolve("kept")).hasContent("kept");
  }

  @Test
  void aFolderThatHeldNothingButNotesGoesWithThem() throws IOException {
    Files.writeString(there.resolve("error.json"), "{}");
    Files.writeString(there.resolve("error.txt"), "");
    Files.writeString(there.resolve("duplicate.json"), "{}");

    AtomicFiles.clearNotes(there);
    AtomicFiles.clearNotes(there);

    assertThat(there).doesNotExist();
  }

  @Test
  void aFolderSomebodyPutOtherThingsIntoStays() throws IOException {
    Files.writeString(there.resolve("error.json"), "{}");
    Files.writeString(there.resolve("mine.doc"), "mine");

    AtomicFiles.clearNotes(there);

    assertThat(names(there)).containsExactly("mine.doc");
  }

  private static Stream<String> names(Path folder) throws IOException {
    try (var list = Files.list(folder)) {
      return list.map(file -> file.getFileName().toString()).sorted().toList().stream();
    }
  }

  @Test
  void aNodeGivesANameOnlyWhereNobodyElseDid() throws IOException {
    var target = there.resolve("target");
    AtomicFiles.place(source, target);
    assertThat(source).doesNotExist();
    assertThat(target).hasContent("bytes");
    assertThat(names(there)).containsExactly("target");

    var again = Files.writeString(folder.resolve("again"), "bytes");
    AtomicFiles.place(again, target);
    assertThat(again).as("the same bytes are there").doesNotExist();

    var other = Files.writeString(folder.resolve("other"), "OTHER");
    assertThatThrownBy(() -> AtomicFiles.place(other, target))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(target).hasContent("bytes");
    assertThat(other).hasContent("OTHER");
    AtomicFiles.place(target, target);
    assertThat(target).as("it is where it is to be").hasContent("bytes");
  }

  @Test
  void manyWhoGiveOneNameAtOnceLoseNothing() throws Exception {
    var target = there.resolve("target");
    var sources = new java.util.ArrayList<Path>();
    for (int i = 0; i < 50; i++) {
      sources.add(Files.writeString(folder.resolve("source" + i), "bytes " + i));
    }
    sources.parallelStream()
        .forEach(
            one -> {
              try {
                AtomicFiles.place(one, target);
              } catch (FileAlreadyExistsException e) {
                assertThat(one).exists();
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });

    assertThat(sources.stream().filter(Files::exists)).as("all but one wait").hasSize(49);
    var missing = sources.stream().filter(one -> !Files.exists(one)).findFirst().orElseThrow();
    assertThat(target).hasContent("bytes " + missing.toString().replaceAll(".*source", ""));
  }
}
