package io.klingdrop.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.klingdrop.process.StartException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** A verb that is typed in another folder than the one it is about. */
class FolderOptionTest {
  @TempDir private Path folder;
  private final StringWriter said = new StringWriter();

  @AfterEach
  void back() {
    Here.in(Path.of(""));
  }

  private int run(String... args) {
    return new CommandLine(new Cli())
        .setOut(new PrintWriter(said, true))
        .setErr(new PrintWriter(said, true))
        .execute(args);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-C", "--folder"})
  void aFolderWithoutALedgerIsNamedAndTheWayToAnotherOneToo(String option) throws Exception {
    assertThat(run("status", option, folder.toString())).isZero();

    assertThat(said.toString())
        .startsWith("Nothing here: there is no ledger in " + folder.resolve("data"))
        .contains("--folder PATH");
    try (var made = Files.list(folder)) {
      assertThat(made).isEmpty();
    }
  }

  @Test
  void theSettingsOfThatFolderCount() throws Exception {
    var config = Files.createDirectories(folder.resolve("config"));
    Files.writeString(config.resolve("application.properties"), "klingdrop.data.dir = books\n");

    assertThat(run("-C", folder.toString(), "status")).isZero();

    assertThat(said.toString()).contains("no ledger in " + folder.resolve("books"));
  }

  @Test
  void aFolderThatIsNotThereIsRefused() {
    assertThat(run("-C", folder.resolve("gone").toString(), "status")).isEqualTo(ExitCode.USAGE);
    assertThat(said.toString()).contains("there is no folder " + folder.resolve("gone"));
  }

  @Test
  void whatOthersMayWriteThereIsNotObeyed() throws Exception {
    var config = Files.createDirectories(folder.resolve("config"));
    Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rwxrwxrwx"));
    // were it read, this would be what is complained about
    Files.writeString(config.resolve("application.properties"), "klingdrop.no.such.key = 1\n");
    Here.in(folder);

    assertThatThrownBy(Here::settings)
        .isInstanceOf(StartException.class)
        .hasMessageContaining(config.toString());
  }
}
