package io.klingdrop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.app.DoctorChecks;
import io.klingdrop.app.Klingdrop;
import io.klingdrop.process.DataLock;
import io.klingdrop.settings.Settings;
import io.klingdrop.testing.AppProcess;
import io.klingdrop.testing.Endpoint;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.Faults;
import io.klingdrop.testing.Http;
import io.klingdrop.testing.Patience;
import io.klingdrop.testing.Scrape;
import io.klingdrop.testing.TestMedia;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What a person sees of nodes, and says to them, at a real PostgreSQL and at a file. */
class NodesTest {
  @TempDir private Path top;
  private FakeKie kie;
  private String said = "";

  @BeforeEach
  void open() {
    kie = FakeKie.start();
  }

  @AfterEach
  void close() {
    kie.close();
    Here.in(Path.of(""));
  }

  /** A working folder whose trees are shared with the others. */
  private Path folder(String name, Map<String, String> more) throws Exception {
    var folder = Files.createDirectories(top.resolve(name));
    var keys = new TreeMap<>(more);
    for (var tree : List.of("inbox", "outbox", "failed", "duplicates", "archive", "work")) {
      keys.put("klingdrop." + tree + ".dir", top.resolve("shared").resolve(tree).toString());
    }
    keys.put("klingdrop.provider.kie.base-url", kie.url().toString());
    keys.put("klingdrop.provider.kie.upload-url", kie.url().toString());
    keys.put("klingdrop.provider.kie.api-key", kie.key());
    keys.putIfAbsent("klingdrop.http.port", "0");
    var lines = new StringBuilder();
    keys.forEach((key, value) -> lines.append(key).append(" = ").append(value).append('\n'));
    Files.createDirectories(folder.resolve("config"));
    Files.writeString(folder.resolve("config/application.properties"), lines);
    return folder;
  }

  private int type(Path folder, String... words) {
    var text = new StringWriter();
    Here.in(folder);
    var exit =
        new CommandLine(new Cli())
            .setOut(new PrintWriter(text, true))
            .setErr(new PrintWriter(text, true))
            .execute(words);
    said = text.toString();
    return exit;
  }

  @Test
  void aLedgerInAFileHasOneNodeAndNothingToDrain() throws Exception {
    var folder = folder("one", Map.of());

    assertThat(type(folder, "nodes")).isZero();
    assertThat(said)
        .isEqualToIgnoringNewLines("There is one node, as the ledger is a file; it does not run.");
    try (var lock = DataLock.take(folder.resolve("data"))) {
      assertThat(lock).isNotNull();
      assertThat(type(folder, "nodes", "--json")).isZero();
      var json = new ObjectMapper().readTree(said);
      assertThat(json.path("shared").asBoolean()).isFalse();
      assertThat(json.path("running").asBoolean()).isTrue();
    }
    assertThat(type(folder, "drain")).isEqualTo(ExitCode.USAGE);
    assertThat(said).contains("the ledger is a file and has one node");
  }

  @Test
  void severalNodesAreSeenDrainedKilledAndStopped() throws Exception {
    try (var server = EmbeddedPostgres.builder().start()) {
      var port = Http.freePort();
      // so long that whatever happens here is not because a lease is over
      var database =
          Map.of(
              "klingdrop.db.url", server.getJdbcUrl("postgres", "postgres"),
              "klingdrop.db.user", "postgres",
              "klingdrop.db.password", "postgres",
              "klingdrop.node.lease", "10m");
      var keys = new TreeMap<>(database);
      keys.put("klingdrop.node.name", "anna");
      keys.put("klingdrop.http.port", Integer.toString(port));
      keys.put("klingdrop.log.format", "json");
      keys.put("klingdrop.inbox.settle", "200ms");
      var anna = folder("anna", keys);
      var http = new Http(port);
      try (var first = AppProcess.start(anna, Map.of())) {
        first.awaitReady();
        aSecondOneOfThatNameIsRefused(database);
        var ben = folder("ben", database);
        assertThat(type(ben, "drain")).isEqualTo(ExitCode.USAGE);
        assertThat(said).contains("no node has run in this folder yet");
        try (var second = new Klingdrop(settings(ben))) {
          var serving = new Thread(() -> serve(second), "ben");
          serving.start();
          var name = Here.node(settings(ben)).orElseThrow();
          Patience.await().until(() -> type(anna, "nodes") == 0 && said.contains(name));
          bothAreSeen(anna, name, http);
          theFirstIsDrained(anna, ben, name, http);
          second.stop();
          Patience.await().until(() -> !serving.isAlive());
        }
        Patience.await().until(() -> type(anna, "nodes") == 0 && said.contains("  kie"));
        assertThat(said).containsPattern("stopped +\\d+s +0 +-");
        first.kill();
        assertThat(first.output())
            .contains("\"node\":\"anna\",\"message\":\"node anna at PostgreSQL //localhost:");
      }
      try (var again = AppProcess.start(anna, Map.of())) {
        again.awaitReady();
        Patience.await().until(() -> type(anna, "nodes") == 0 && said.contains("  kie"));
        theLastCallEndsBeforeTheAccountIsGivenBack(again, anna, http);
      }
    }
  }

  private static void serve(Klingdrop service) {
    try {
      service.run(false);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void theLastCallEndsBeforeTheAccountIsGivenBack(AppProcess app, Path anna, Http http)
      throws Exception {
    var released = new CountDownLatch(1);
    kie.on(Endpoint.CREATE_TASK).next(Faults.heldBack(released));
    kie.holdTasks();
    TestMedia.pair(Files.createDirectories(top.resolve("shared/inbox/avatar")), "late", 1);
    Patience.await().until(() -> kie.accepted().size() == 1);
    app.terminate();
    Patience.await()
        .untilAsserted(
            () ->
                assertThat(http.get("/observe/health/ready").body())
                    .contains("nothing new begins, calls under way are finished"));
    assertThat(http.get("/observe/health/ready").statusCode()).isEqualTo(503);
    assertThat(type(anna, "nodes")).isZero();
    assertThat(said).containsPattern("anna \\* +\\S+ +up +\\d+s +1 +kie");
    assertThat(type(anna, "status")).isZero();
    assertThat(said).contains("at anna  ");
    assertThat(type(anna, "why", "late")).isZero();
    assertThat(said).contains("where     node anna has it in hand");
    released.countDown();
    assertThat(app.exitCode()).isIn(0, 143);
    assertThat(type(anna, "nodes")).isZero();
    assertThat(said)
        .containsPattern("anna \\* +\\S+ +stopped +\\d+s +0 +-")
        .contains("lane: no node has owned kie for");
    assertThat(type(anna, "why", "late")).isZero();
    assertThat(said)
        .contains("where     no node owns the account kie now", kie.accepted().get(0).taskId());
  }

  private static Settings settings(Path folder) {
    Here.in(folder);
    return Here.settings();
  }

  private void aSecondOneOfThatNameIsRefused(Map<String, String> database) throws Exception {
    var keys = new TreeMap<>(database);
    keys.put("klingdrop.node.name", "anna");
    try (var twin = AppProcess.start(folder("twin", keys), Map.of())) {
      assertThat(twin.exitCode()).isEqualTo(ExitCode.USAGE);
      assertThat(twin.printed())
          .contains("a node called anna is alive at this database", "klingdrop.node.name");
    }
  }

  private void bothAreSeen(Path anna, String other, Http http) throws Exception {
    assertThat(type(anna, "nodes")).isZero();
    assertThat(said)
        .containsPattern("anna \\* +\\S+ +up +\\d+s +0 +kie")
        .containsPattern(other + " +\\S+ +up +\\d+s +0 +-");
    assertThat(type(anna, "status")).isZero();
    assertThat(said).contains("nodes: anna up, ", other + " up");
    assertThat(new DoctorChecks(settings(anna)).run())
        .extracting(DoctorChecks.Finding::said)
        .contains("this one is called anna")
        .anyMatch(line -> line.startsWith(other + " is up, version "))
        .anyMatch(line -> line.contains("the database's clock is "));
    var json = Http.json(http.get("/ops/api/nodes"));
    assertThat(json.path("node").asText()).isEqualTo("anna");
    assertThat(json.at("/nodes")).hasSize(2);
    assertThat(json.at("/lanes/0/node").asText()).isEqualTo("anna");
    var figures = new Scrape(http.get("/observe/metrics").body());
    assertThat(figures.value("klingdrop_lane_owner", "account", "kie", "node", "anna"))
        .isEqualTo(1);
    assertThat(figures.value("klingdrop_node_lanes", "node", "anna")).isEqualTo(1);
    assertThat(figures.value("klingdrop_node_in_hand", "node", "anna")).isZero();
    assertThat(figures.value("klingdrop_node_beat_seconds", "node", "anna")).isNotNegative();
    assertThat(figures.names()).contains("klingdrop_node_clock_offset_seconds");
    assertThat(figures.value("klingdrop_nodes", "state", "up")).isEqualTo(2);
    assertThat(figures.value("klingdrop_nodes", "state", "gone")).isZero();
    assertThat(http.get("/observe/health").body()).contains("node anna owns kie");
  }

  private void theFirstIsDrained(Path anna, Path ben, String other, Http http) {
    assertThat(type(ben, "drain", "nobody")).isEqualTo(ExitCode.USAGE);
    assertThat(said).contains("there is no node nobody", "anna");
    assertThat(type(anna, "drain")).isZero();
    assertThat(said).contains("node anna is drained");
    Patience.await().until(() -> type(ben, "nodes") == 0 && said.contains("  kie"));
    assertThat(said).containsPattern("anna +\\S+ +drained").containsPattern(other + " \\* .* kie");
    var health = http.get("/observe/health/ready");
    assertThat(health.statusCode()).isEqualTo(503);
    assertThat(health.body()).contains("node anna gives everything away");
    assertThat(type(ben, "drain", "--undo", "anna")).isZero();
    assertThat(said).contains("node anna takes its share again");
    Patience.await().until(() -> http.get("/observe/health/ready").statusCode() == 200);
    assertThat(type(ben, "drain", "--undo", "anna")).isZero();
    assertThat(said).contains("was not drained");
  }
}
