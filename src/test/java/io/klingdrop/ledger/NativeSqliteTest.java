package io.klingdrop.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A temporary folder from which no library loads, in a process of its own: a library loads once.
 */
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
    var noFolder = Files.writeString(folder.resolve("tmp"), "a file");
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + noFolder,
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
    assertThat(folder.resolve("data/native")).isDirectory();
  }

  @Test
  void whereNoFolderAllowsItTheCauseAndTheSettingAreSaid() throws Exception {
    Files.createDirectories(folder.resolve("data"));
    Files.writeString(folder.resolve("data/native"), "in the way");

    assertThat(open(folder.resolve("data/ledger.db")))
        .contains("SQLite's library can be loaded neither from", "noexec", "-Dorg.sqlite.tmpdir=");
  }
}
