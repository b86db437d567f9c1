package io.klingdrop.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.klingdrop.testing.StubbornShare;
import io.klingdrop.testing.StubbornShare.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Shares that refuse what no promise needs. */
class SharesTest {
  @TempDir private Path folder;

  private Path share(Refusal refusal) throws IOException {
    return StubbornShare.at(Files.createDirectories(folder.resolve("share")), refusal);
  }

  @ParameterizedTest
  @EnumSource(
      value = Refusal.class,
      names = {"FOLDER_SYNC", "TIMES", "FAR_RENAMES"})
  void aFileArrivesWholeOnAShareThatRefuses(Refusal refusal) throws IOException {
    var share = share(refusal);
    var source = Files.writeString(folder.resolve("source"), "bytes");

    AtomicFiles.copy(source, share.resolve("copied"));
    AtomicFiles.write(share.resolve("written"), "text");
    AtomicFiles.move(source, share.resolve("moved"));
    Files.createDirectory(share.resolve("further"));
    AtomicFiles.move(share.resolve("moved"), share.resolve("further/moved"));

    assertThat(share.resolve("copied")).hasContent("bytes");
    assertThat(share.resolve("written")).hasContent("text");
    assertThat(source).doesNotExist();
    assertThat(share.resolve("moved")).doesNotExist();
    assertThat(share.resolve("further/moved")).hasContent("bytes");
    try (var files = Files.list(share)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("copied", "written", "further");
    }
  }

  @Test
  void bytesThatCannotBeMadeDurableAreNotDelivered() throws IOException {
    var share = share(Refusal.FILE_SYNC);
    var source = Files.writeString(folder.resolve("source"), "bytes");

    assertThatThrownBy(() -> AtomicFiles.copy(source, share.resolve("copied")))
        .isInstanceOf(IOException.class);

    assertThat(share.resolve("copied")).doesNotExist();
  }

  @Test
  void aFolderThatIsGoneIsStillTold() {
    assertThatThrownBy(() -> AtomicFiles.syncFolder(folder.resolve("gone")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void aFileWhoseHandleWentStaleIsReadAgain() throws IOException {
    Files.writeString(Files.createDirectories(folder.resolve("share")).resolve("file"), "bytes");

    assertThat(Hashes.sha256(share(Refusal.STALE).resolve("file")))
        .isEqualTo(Hashes.sha256("bytes"));
  }

  @Test
  void whatAMountCannotDoIsFoundOutByTryingAndLeavesNothing() throws IOException {
    assertThat(ShareLimits.of(folder)).isEmpty();
    assertThat(ShareLimits.of(share(Refusal.FOLDER_SYNC)))
        .containsExactly("does not make names durable (Invalid argument)");
    assertThat(ShareLimits.of(share(Refusal.TIMES)))
        .containsExactly("does not let us set file times");
    assertThat(ShareLimits.of(share(Refusal.SIGNS)))
        .containsExactly("takes no : ? \" * < > | in names; they become _ there");
    assertThat(ShareLimits.of(share(Refusal.LONG_NAMES)))
        .containsExactly("takes no long names; they are cut to 143 bytes there");
    assertThatThrownBy(() -> ShareLimits.of(share(Refusal.FILE_SYNC)))
        .hasMessageContaining("Input/output error");
    assertThat(folder.resolve("share")).isEmptyDirectory();
  }

  @ParameterizedTest
  @CsvSource({
    "a.png, a.png",
    "Wer? Wie: was, Wer_ Wie_ was",
    "'a\"b*c<d>e|f.mp4', a_b_c_d_e_f.mp4",
    "'the end.', the end_",
    "'blank ', blank_",
    "con, _con",
    "NUL.txt, _NUL.txt",
    "lpt1.mp4, _lpt1.mp4",
    "console.mp4, console.mp4",
    "a\\b, a_b",
  })
  void aPlainNameIsOneThatEveryPlaceTakes(String name, String plain) {
    assertThat(PlainNames.of(name)).isEqualTo(plain);
    assertThat(PlainNames.of(plain)).isEqualTo(plain);
  }

  @Test
  void aPlainNameKeepsItsExtensionWithin143Bytes() {
    assertThat(PlainNames.of("x".repeat(240) + ".png")).isEqualTo("x".repeat(139) + ".png");
    assertThat(PlainNames.of("\u00e9".repeat(100), 10)).isEqualTo("\u00e9".repeat(66));
    assertThat(PlainNames.of("." + "x".repeat(250)).length()).isEqualTo(143);
  }

  @Test
  void twoFilesOfABundleNeverGetOnePlainName() {
    assertThat(PlainNames.besideNotes("host.png")).containsExactly("host.png");
    assertThat(PlainNames.besideNotes("error.json")).containsExactly("error~2.json");
    assertThat(
            List.of(
                PlainNames.besideNotes("a:.wav").get(1), PlainNames.besideNotes("a?.wav").get(1)))
        .doesNotHaveDuplicates()
        .allMatch(name -> name.matches("a_~[0-9a-f]{6}\\.wav"));
  }
}
