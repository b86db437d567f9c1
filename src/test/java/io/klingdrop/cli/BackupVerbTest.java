package io.klingdrop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.job.Job;
import io.klingdrop.job.JobId;
import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.NewJobs;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Ledgers that have another name or lie elsewhere than is usual, in a backup. */
class BackupVerbTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  @TempDir private Path temp;
  private final StringWriter said = new StringWriter();
  private Path folder;
  private Path copy;

  @BeforeEach
  void open() throws IOException {
    folder = Files.createDirectories(temp.resolve("here")).toRealPath();
    copy = folder.getParent().resolve("copy");
    Files.createDirectories(folder.resolve("data"));
  }

  @AfterEach
  void back() {
    Here.in(Path.of(""));
  }

  private int backup(Path to) {
    return new CommandLine(new Cli())
        .setOut(new PrintWriter(said, true))
        .setErr(new PrintWriter(said, true))
        .execute("-C", folder.toString(), "backup", to.toString());
  }

  private void ledgerAt(String url) throws IOException {
    var config = Files.createDirectories(folder.resolve("config"));
    Files.writeString(config.resolve("application.properties"), "klingdrop.db.url = " + url + "\n");
  }

  /** Makes a job in a ledger that stays open, so that it is in the log beside the file alone. */
  private static Job claimed(Database database) {
    var job =
        Job.claimed(
            JobId.make(NOW),
            new Job.Origin("avatar", "", "a"),
            new Job.Goal("kie", "model"),
            "/home/a",
            NOW,
            List.of());
    return new NewJobs(database, () -> NOW).claimed(job, List.of(), null);
  }

  private static void assertHolds(Path ledger, Job job) {
    try (var database = Database.open("jdbc:sqlite:" + ledger, "", "")) {
      assertThat(new JobQueries(database).job(job.id())).hasValue(job);
    }
  }

  @Test
  void aLedgerOfAnotherNameIsCopiedWholeToWhereItBelongs() throws IOException {
    ledgerAt("jdbc:sqlite:{data}/books/jobs.sqlite?busy_timeout=9000");
    var ledger = folder.resolve("data/books/jobs.sqlite");
    try (var database = Database.open("jdbc:sqlite:" + ledger, "", "")) {
      var job = claimed(database);
      Files.writeString(folder.resolve("data/klingdrop.db.txt"), "somebody's");

      assertThat(backup(copy)).as(said.toString()).isZero();

      assertThat(copy.resolve("books"))
          .isDirectoryNotContaining("glob:**/jobs.sqlite-*")
          .isDirectoryContaining("glob:**/jobs.sqlite");
      assertHolds(copy.resolve("books/jobs.sqlite"), job);
      assertThat(copy.resolve("klingdrop.db")).doesNotExist();
      assertThat(copy.resolve("klingdrop.db.txt")).hasContent("somebody's");
      assertThat(said.toString()).contains("stop the service, make this the data folder, start.");
    }
  }

  @Test
  void aLedgerElsewhereIsCopiedAndItsPlaceIsNamed() throws IOException {
    ledgerAt("jdbc:sqlite:books/jobs.sqlite");
    var ledger = folder.resolve("books/jobs.sqlite");
    Files.writeString(folder.resolve("data/jobs.sqlite"), "somebody's");
    try (var database = Database.open("jdbc:sqlite:" + ledger, "", "")) {
      var job = claimed(database);

      assertThat(backup(copy)).as(said.toString()).isZero();

      assertHolds(copy.resolve("jobs~2.sqlite"), job);
      assertThat(copy.resolve("jobs.sqlite")).hasContent("somebody's");
      assertThat(said.toString())
          .contains(
              "stop the service, make this the data folder, move jobs~2.sqlite from it to "
                  + ledger
                  + " and remove "
                  + ledger
                  + "-wal and -shm, start.");
    }
  }

  @Test
  void aLedgerThatIsALinkIsNotCopiedAsAFile() throws IOException {
    ledgerAt("jdbc:sqlite:{data}/klingdrop.db");
    var ledger = Files.createDirectories(folder.resolve("disk")).resolve("jobs.sqlite");
    Database.open("jdbc:sqlite:" + ledger, "", "").close();
    Files.createSymbolicLink(folder.resolve("data/klingdrop.db"), ledger);
    Files.createSymbolicLink(folder.resolve("data/disk"), ledger.getParent());
    try (var database = Database.open("jdbc:sqlite:" + ledger, "", "")) {
      var job = claimed(database);

      assertThat(backup(copy)).as(said.toString()).isZero();

      assertHolds(copy.resolve("klingdrop.db"), job);
      assertThat(copy.resolve("disk/jobs.sqlite")).doesNotExist();
      assertThat(copy.resolve("disk/jobs.sqlite-wal")).doesNotExist();
    }
  }

  @Test
  void aCopyInsideOfWhatIsCopiedIsRefused() throws IOException {
    Database.open("jdbc:sqlite:" + folder.resolve("data/klingdrop.db"), "", "").close();
    var inside = folder.resolve("data/backups/today");

    assertThat(backup(inside)).isEqualTo(ExitCode.USAGE);

    assertThat(said.toString()).contains(inside + " lies in the data folder; nothing was copied.");
    assertThat(folder.resolve("data/backups")).doesNotExist();
  }
}
