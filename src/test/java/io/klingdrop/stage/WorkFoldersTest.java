package io.klingdrop.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.files.Sharing;
import io.klingdrop.job.Failure;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobId;
import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.Ledger;
import io.klingdrop.ledger.NewJobs;
import io.klingdrop.settings.Folders;
import io.klingdrop.settings.SettingsReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Work folders that are cleared while the job may live again at another node. */
class WorkFoldersTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  @TempDir private Path folder;
  private Folders folders;
  private Database database;
  private JobQueries queries;
  private Ledger ledger;

  @BeforeEach
  void open() {
    folders = SettingsReader.load(folder, Map.of(), Map.of()).folders();
    database = Database.open("jdbc:sqlite:" + folder.resolve("data/ledger.db"), "", "");
    queries = new JobQueries(database);
    ledger = new Ledger(database, () -> NOW);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private WorkFolders node(String name) {
    return new WorkFolders(folders, Sharing.as(name), queries);
  }

  /** A job that failed, with a note in its work folder. */
  private Job failed() throws IOException {
    var id = JobId.make(NOW);
    var job =
        new NewJobs(database, () -> NOW)
            .claimed(
                Job.claimed(
                    id,
                    new Job.Origin("avatar", "", "host"),
                    new Job.Goal("kie", "model"),
                    folders.work(id).resolve("in").toString(),
                    NOW,
                    List.of()),
                List.of(),
                Failure.of(FailureClass.PROVIDER, "it kept refusing"));
    Files.createDirectories(folders.work(id).resolve("in"));
    Files.writeString(folders.work(id).resolve("task-id-1"), "paid");
    return job;
  }

  private Job filed() throws IOException {
    return ledger.filed(failed(), folder.resolve("failed/host").toString());
  }

  @Test
  void whatIsOverGoesAndNothingIsLeft() throws IOException {
    var job = filed();

    node("a").clear(job);
    node("a").clear(job);

    assertThat(folders.work()).isEmptyDirectory();
  }

  @Test
  void whatCameToAJobThatLivesAgainIsPutBack() throws IOException {
    var before = filed();
    ledger.resubmitted(before, "a person asked for it");

    node("a").clear(before);

    assertThat(folders.work(before.id()).resolve("task-id-1")).hasContent("paid");
    assertThat(folders.work(before.id()).resolve("in")).isDirectory();
  }

  @Test
  void whatADeadNodePutAsideComesBackBesideWhatCameSince() throws IOException {
    var job = failed();
    var aside = folders.work("." + job.id() + "." + Sharing.as("b").mark() + ".gone");
    Files.move(folders.work(job.id()), aside);
    Files.createDirectories(folders.work(job.id()));
    Files.writeString(folders.work(job.id()).resolve("task-id-2"), "paid too");

    var folders = node("a");
    assertThat(folders.isAside(aside.getFileName().toString(), false)).isFalse();
    assertThat(folders.isAside(aside.getFileName().toString(), true)).isTrue();
    folders.settle(aside);

    assertThat(aside).doesNotExist();
    assertThat(this.folders.work(job.id()).resolve("task-id-1")).hasContent("paid");
    assertThat(this.folders.work(job.id()).resolve("task-id-2")).hasContent("paid too");
  }

  @Test
  void whatADeadNodePutAsideOfAJobThatIsOverGoes() throws IOException {
    var job = filed();
    var aside = folders.work("." + job.id() + "." + Sharing.as("b").mark() + ".gone");
    Files.move(folders.work(job.id()), aside);

    node("a").settle(aside);

    assertThat(folders.work()).isEmptyDirectory();
  }
}
