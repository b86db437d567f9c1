package io.klingdrop.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders that were unmounted, cleaned, made anew or exchanged; the disk is said by the test. */
class GroundsTest {
  private static final String SHARE = "//nas/studio (cifs)";
  private static final String LOCAL = "/dev/sda1 (ext4)";

  @TempDir private Path folder;
  private final Map<Path, String> kept = new HashMap<>();
  private Path outbox;
  private Path mark;
  private String disk = SHARE;

  @BeforeEach
  void use() throws IOException {
    outbox = Files.createDirectory(folder.resolve("outbox"));
    mark = outbox.resolve(Grounds.MARK);
    assertThat(grounds("one").arrive(List.of(outbox))).isEmpty();
  }

  /** What the next process of this ledger knows. */
  private Grounds grounds(String ledger) {
    return new Grounds(ledger, kept, kept::put, path -> disk);
  }

  @Test
  void aFolderInUseBearsTheLedgersIdAndIsKnownByItsDisk() {
    assertThat(mark).hasContent("one");
    assertThat(kept).containsEntry(outbox, SHARE);
    assertThat(grounds("one").fault(outbox)).isEmpty();
  }

  @Test
  void theEmptyFolderUnderAnUnmountedShareIsRefusedAndLeftAlone() throws IOException {
    Files.delete(mark);
    disk = LOCAL;
    var grounds = grounds("one");

    assertThat(grounds.fault(outbox).orElse(""))
        .contains(outbox.toString(), SHARE, LOCAL, "Is the share mounted?", Grounds.MARK);
    assertThatThrownBy(() -> grounds.require(outbox)).isInstanceOf(IOException.class);
    assertThat(grounds.arrive(List.of(outbox))).hasSize(1);
    assertThat(outbox).isEmptyDirectory();

    Files.writeString(mark, "one");
    disk = SHARE;
    assertThat(grounds.fault(outbox)).as("mounted again").isEmpty();
  }

  @Test
  void aMountPointThatWentWithItsShareIsNotMadeAnew() throws IOException {
    AtomicFiles.deleteTree(outbox);
    disk = LOCAL;

    assertThat(grounds("one").fault(outbox)).isPresent();

    assertThat(outbox).doesNotExist();
  }

  @Test
  void aFolderThatAPersonEmptiedOrRemovedIsUsedAsBefore() throws IOException {
    Files.delete(mark);
    assertThat(grounds("one").fault(outbox)).isEmpty();
    assertThat(mark).hasContent("one");

    AtomicFiles.deleteTree(outbox);
    assertThat(grounds("one").fault(outbox)).isEmpty();
    assertThat(mark).hasContent("one");
  }

  @Test
  void aFileInAFoldersPlaceIsNamed() throws IOException {
    AtomicFiles.deleteTree(outbox);
    Files.createFile(outbox);

    assertThat(grounds("one").fault(outbox).orElse(""))
        .contains(outbox.toString(), "a file lies in its place", "Move the file away");

    Files.delete(outbox);
    assertThat(grounds("one").fault(outbox)).isEmpty();
    assertThat(mark).hasContent("one");
  }

  @Test
  void aFolderThatMovedToAnotherDiskWithItsMarkIsKnown() {
    disk = LOCAL;

    assertThat(grounds("one").arrive(List.of(outbox))).isEmpty();

    assertThat(kept).containsEntry(outbox, LOCAL);
  }

  @Test
  void anEmptyMarkIsAPersonsWordThatItIsTheFolder() throws IOException {
    Files.writeString(mark, "");
    disk = LOCAL;

    assertThat(grounds("one").fault(outbox)).isEmpty();

    assertThat(mark).hasContent("one");
    assertThat(kept).containsEntry(outbox, LOCAL);
  }

  @Test
  void theFolderOfAnotherLedgerOnAnotherDiskIsRefused() throws IOException {
    Files.writeString(mark, "two\n");
    disk = LOCAL;

    assertThat(grounds("one").arrive(List.of(outbox))).hasSize(1);

    assertThat(mark).hasContent("two");
  }

  @Test
  void aSecondLedgerMayUseAFolderBesideTheFirst() {
    assertThat(new Grounds("two", Map.of(), (path, on) -> {}, path -> disk).arrive(List.of(outbox)))
        .isEmpty();

    assertThat(mark).hasContent("one\ntwo");
    assertThat(grounds("one").fault(outbox)).isEmpty();
  }
}
