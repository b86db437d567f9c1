package io.klingdrop.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.files.Private;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a process of its own, as a library loads once. */
class NativeSqliteTest {
  @TempDir private Path folder;

  /** Opens the ledger named by the first argument and says what came of it. */
  public static void main(String[] args) {
    try (var database = Database.open("jdbc:sqlite:" + args[0], "", "")) {
      System.out.println("opened " + (database != null));
    } catch (LedgerException e) {
      System.out.println(e.getMessage());
    }
  }

  private String open(Path ledger) throws Exception {
    return open(ledger, Files.writeString(folder.resolve("tmp"), "a file"));
  }

  private static String open(Path ledger, Path temporary) throws Exception {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                NativeSqliteTest.class.getName(),
                ledger.toString())
            .redirectErrorStream(true)
            .start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said;
  }

  @Test
  void theLibraryIsTakenFromTheDataFolderWhereTheTemporaryOneAllowsNone() throws Exception {
    assertThat(open(folder.resolve("data/ledger.db"))).contains("opened true");
    assertThat(folder.resolve("data/native")).isDirectoryContaining("glob:**sqlitejdbc*");
  }

  @Test
  void nothingIsUnpackedIntoTheTemporaryFolderAndOnceIsEnough() throws Exception {
    var temporary = Files.createDirectory(folder.resolve("tmp"));
    var ledger = folder.resolve("data/ledger.db");
    assertThat(open(ledger, temporary)).contains("opened true");
    var first = library();
    var made = Files.readAttributes(first, BasicFileAttributes.class).fileKey();

    assertThat(open(ledger, temporary)).contains("opened true");
    assertThat(Files.readAttributes(library(), BasicFileAttributes.class).fileKey())
        .isEqualTo(made);
    assertThat(temporary).isEmptyDirectory();
    assertThat(Private.tighten(folder.resolve("data/native"))).as("open to others").isFalse();
  }

  @Test
  void aLibraryThatIsNotTheDriversIsReplaced() throws Exception {
    var temporary = Files.createDirectory(folder.resolve("tmp"));
    var ledger = folder.resolve("data/ledger.db");
    assertThat(open(ledger, temporary)).contains("opened true");
    var whole = Files.readAllBytes(library());
    Files.write(library(), new byte[100]);

    assertThat(open(ledger, temporary)).contains("opened true");
    assertThat(library()).hasBinaryContent(whole);
  }

  @Test
  void whereTheDataFolderAllowsNoneTheTemporaryOneServes() throws Exception {
    Files.createDirectories(folder.resolve("data"));
    Files.writeString(folder.resolve("data/native"), "in the way");
    var temporary = Files.createDirectory(folder.resolve("tmp"));

    assertThat(open(folder.resolve("data/ledger.db"), temporary)).contains("opened true");
  }

  /** The one file beside the ledger that the driver loads. */
  private Path library() throws IOException {
    try (var files = Files.list(folder.resolve("data/native"))) {
      var all = files.toList();
      assertThat(all).hasSize(1);
      return all.get(0);
    }
  }

  @Test
  void whereNoFolderAllowsItTheCauseAndTheSettingAreSaid() throws Exception {
    Files.createDirectories(folder.resolve("data"));
    Files.writeString(folder.resolve("data/native"), "in the way");

    assertThat(open(folder.resolve("data/ledger.db")))
        .contains("SQLite's library can be loaded neither from", "noexec", "-Dorg.sqlite.tmpdir=");
  }
}
