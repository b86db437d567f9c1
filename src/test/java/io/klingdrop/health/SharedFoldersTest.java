package io.klingdrop.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.klingdrop.files.Grounds;
import io.klingdrop.ledger.Database;
import io.klingdrop.settings.Settings;
import io.klingdrop.settings.SettingsReader;
import io.klingdrop.testing.Patience;
import io.klingdrop.testing.SettableTime;
import io.klingdrop.testing.SmallDisk;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folders of nodes that have one ledger, in a real PostgreSQL. */
class SharedFoldersTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  private static EmbeddedPostgres server;
  private static int databases;
  @TempDir private Path folder;
  private String url = "";
  private Database database;
  private final SettableTime time = SettableTime.standing(NOW);

  @BeforeAll
  static void start() throws IOException {
    server = EmbeddedPostgres.builder().start();
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @BeforeEach
  void connect() throws SQLException {
    var name = "folders" + databases++;
    try (var connection = server.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("create database " + name);
    }
    url = server.getJdbcUrl("postgres", name);
    database = Database.open(url, "postgres", "postgres");
  }

  @AfterEach
  void close() {
    database.close();
  }

  /** The settings of a node whose folders lie below that one, with a data folder of its own. */
  private Settings settings(String node, Path share) {
    var environment = new HashMap<>(Map.of("KLINGDROP_DB_URL", url));
    for (var kind : List.of("inbox", "outbox", "failed", "duplicates", "archive", "work")) {
      environment.put(
          "KLINGDROP_" + kind.toUpperCase(java.util.Locale.ROOT) + "_DIR",
          share.resolve(kind).toString());
    }
    environment.put("KLINGDROP_DATA_DIR", folder.resolve(node).resolve("data").toString());
    var settings = SettingsReader.load(folder, environment, Map.of());
    assertThat(FolderCheck.prepare(settings.folders())).isEmpty();
    return settings;
  }

  private Grounds grounds(String node, Settings settings) {
    return FolderCheck.grounds(database, settings, node, time);
  }

  /** What is wrong when that node starts with its folders below that one. */
  private List<String> starts(String node, Path share) {
    var settings = settings(node, share);
    var faults =
        CompletableFuture.supplyAsync(
            () -> FolderCheck.arrive(grounds(node, settings), FolderCheck.trees(settings), time));
    Patience.await()
        .until(
            () -> {
              time.turn(Duration.ofSeconds(1));
              return faults.isDone();
            });
    return faults.join();
  }

  @Test
  void nodesWithTheSameFoldersAllStartAgainAndAgain() {
    for (var node : List.of("a", "b", "c", "b", "a")) {
      assertThat(starts(node, folder.resolve("share"))).as(node).isEmpty();
    }
    assertThat(folder.resolve("share/work/.klingdrop")).isRegularFile();
  }

  @Test
  void threeNodesThatStartTogetherOnAnEmptyLedgerAllStart() {
    var settings = settings("a", folder.resolve("share"));
    var nodes =
        List.of("a", "b", "c").stream()
            .map(
                node ->
                    CompletableFuture.supplyAsync(
                        () ->
                            FolderCheck.arrive(
                                grounds(node, settings), FolderCheck.trees(settings), time)))
            .toList();
    Patience.await()
        .until(
            () -> {
              time.turn(Duration.ofMillis(100));
              return nodes.stream().allMatch(CompletableFuture::isDone);
            });

    assertThat(nodes).allSatisfy(node -> assertThat(node.join()).isEmpty());
  }

  @Test
  void aNodeWhoseShareIsNotMountedIsRefusedAndEachFolderNamed() {
    assertThat(starts("a", folder.resolve("share"))).isEmpty();

    assertThat(starts("b", folder.resolve("local")))
        .hasSize(6)
        .allMatch(said -> said.contains("another node") && said.contains("Is the share mounted?"))
        .anyMatch(said -> said.contains(folder.resolve("local/work").toString()));
    assertThat(folder.resolve("local/inbox")).isEmptyDirectory();
  }

  @Test
  void theFoldersOfAnotherLedgerAreRefused() throws IOException {
    assertThat(starts("a", folder.resolve("share"))).isEmpty();
    for (var kind : List.of("inbox", "outbox", "failed", "duplicates", "archive", "work")) {
      var other = Files.createDirectories(folder.resolve("other").resolve(kind));
      Files.writeString(other.resolve(Grounds.MARK), "klingdrop-ledger-of-somebody\n");
    }

    assertThat(starts("b", folder.resolve("other"))).hasSize(6);

    assertThat(folder.resolve("other/inbox/.klingdrop"))
        .hasContent("klingdrop-ledger-of-somebody\n");
  }

  @Test
  void aPersonsWordCountsForANodeToo() throws IOException {
    assertThat(starts("a", folder.resolve("share"))).isEmpty();
    for (var kind : List.of("inbox", "outbox", "failed", "duplicates", "archive", "work")) {
      Files.createFile(
          Files.createDirectories(folder.resolve("moved").resolve(kind)).resolve(Grounds.MARK));
    }

    assertThat(starts("b", folder.resolve("moved"))).isEmpty();
  }

  @Test
  void oneShareAtTwoPlacesIsKnownAndMissedWhereItIsNotMounted() throws IOException {
    var here = folder.resolve("here");
    var there = folder.resolve("there");
    try (var share = SmallDisk.at(here, "8m")) {
      assertThat(share).isNotNull();
      assertThat(starts("a", here)).isEmpty();
      try (var second = SmallDisk.secondMount(here, there)) {
        assertThat(second).isNotNull();
        assertThat(starts("b", there)).isEmpty();
        assertThat(starts("a", here)).isEmpty();

        var grounds = grounds("b", settings("b", there));
        var kept = Files.writeString(there.resolve("work/film"), "film");
        var target = there.resolve("outbox/host.mp4");
        Files.writeString(here.resolve("outbox/host.mp4"), "another node's");
        assertThatThrownBy(() -> grounds.sharing().place(kept, target))
            .isInstanceOf(FileAlreadyExistsException.class);
        // from one mount to the other no rename leads
        grounds.sharing().place(kept, here.resolve("outbox/host~2.mp4"));
        assertThat(kept).doesNotExist();
        assertThat(there.resolve("outbox/host~2.mp4")).hasContent("film");
        Files.writeString(kept, "film");
        assertThatThrownBy(() -> grounds.sharing().place(kept, here.resolve("outbox/host.mp4")))
            .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(target).hasContent("another node's");
        assertThat(kept).hasContent("film");
      }
      assertThat(starts("b", there)).as("not mounted any more").hasSize(6);
      assertThat(starts("a", here)).isEmpty();
    }
  }
}
