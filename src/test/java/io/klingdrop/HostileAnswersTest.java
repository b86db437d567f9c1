package io.klingdrop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.testing.Answers;
import io.klingdrop.testing.AppProcess;
import io.klingdrop.testing.Behaviour;
import io.klingdrop.testing.Body;
import io.klingdrop.testing.Call;
import io.klingdrop.testing.Endpoint;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.Originals;
import io.klingdrop.testing.Reply;
import io.klingdrop.testing.TaskPlan;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Turn;
import io.klingdrop.testing.Workplace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A provider that means harm, or whose place somebody has taken: whatever it says, the other jobs
 * go on, every file is in its place, no line of the log is not ours, and no key is kept anywhere.
 */
@Timeout(600)
class HostileAnswersTest {
  /** Ends a line, clears a terminal, turns the direction of a text. */
  private static final String ODD = "\r\n2026-01-01 FAKE \u001b[2J\u009b31m\u202e\u2028";

  @TempDir private Path temp;
  private Path folder;
  private FakeKie kie;
  private Workplace place;
  private Originals originals;
  private int seed = 9000;

  @BeforeEach
  void open() throws IOException {
    folder = Files.createDirectory(temp.resolve("work"));
    kie = FakeKie.start();
    place =
        new Workplace(folder, kie)
            .set("klingdrop.result.give-up", "1s")
            .set("klingdrop.result.stall", "500ms")
            .set("klingdrop.submit.timeout", "1s")
            .set("klingdrop.poll.timeout", "1s");
    originals = new Originals(folder);
  }

  @AfterEach
  void close() {
    kie.close();
  }

  @Test
  void whateverIsSaidNoKeyAndNoOddCharacterIsKept() throws Exception {
    var said = "your key " + kie.key() + " is odd" + ODD;
    created("refused", Answers.envelope(400, said));
    created("named oddly", Answers.dataIs("{\"taskId\":\"a\\u001b[2J\\r\\nb\"}"));
    created("named like the key", Answers.dataIs("{\"taskId\":\"" + kie.key() + "\"}"));
    created("named at length", Answers.dataIs("{\"taskId\":\"" + "a".repeat(500_000) + "\"}"));
    fate("failed", TaskPlan.fails(said, said));
    fate("wordy", TaskPlan.succeeds().states(said, said, "success"));
    fate("key in link", TaskPlan.succeeds().links(kie.url() + "/result/x.mp4?k=" + kie.key()));
    fate("odd link", TaskPlan.succeeds().links("https://a.example/" + ODD + kie.key()));
    kie.on(Endpoint.DOWNLOAD_URL).always(Answers.envelope(422, said));
    drop("good");

    var printed = drain();

    var states = states();
    assertThat(states).containsEntry("good", JobState.DELIVERED);
    assertThat(states).containsEntry("wordy", JobState.DELIVERED);
    assertThat(states).containsEntry("refused", JobState.FAILED);
    assertThat(states).containsEntry("failed", JobState.FAILED);
    for (var name : List.of("named oddly", "named like the key", "named at length")) {
      assertThat(states).as(name).containsEntry(name, JobState.SUBMIT_UNKNOWN);
    }
    for (var name : List.of("key in link", "odd link")) {
      assertThat(folder.resolve("failed/result/avatar/" + name + "/error.json")).exists();
    }
    assertThat(printed).contains("delivered to");
    clean("log", printed);
    for (var job : place.jobs()) {
      if (job.state() != JobState.DELIVERED) {
        clean("why " + job.name(), why(job));
        break;
      }
    }
    keptNowhere(kie.key());
    assertThat(kie.authorizationSeenOnDownloads()).isZero();
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void answersWithoutMeasureAreLostAndStopNobody() throws Exception {
    created("vast", Answers.hugeJson(50_000_000));
    created("bomb", gzipBomb());
    created("head", headFlood());
    created("endless", HostileAnswersTest::endless);
    created("drip", HostileAnswersTest::drip);
    created("nested", Answers.json("{\"data\":".repeat(10_000) + "1" + "}".repeat(10_000)));
    drop("good");
    kie.on(Endpoint.RECORD_INFO)
        .next(
            Answers.hugeJson(50_000_000),
            gzipBomb(),
            headFlood(),
            HostileAnswersTest::endless,
            HostileAnswersTest::drip);

    clean("log", drain());

    var states = states();
    assertThat(states.remove("good")).isEqualTo(JobState.DELIVERED);
    assertThat(states)
        .hasSize(6)
        .allSatisfy((name, state) -> assertThat(state).isEqualTo(JobState.SUBMIT_UNKNOWN));
    assertThat(kie.createCalls()).isEqualTo(7);
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void resultsThatLeadElsewhereAreNotFetched() throws Exception {
    place.set("klingdrop.result.allow-private-hosts", "false");
    var port = kie.url().getPort();
    var links =
        Map.of(
            "file",
            "file:///etc/passwd",
            "ftp",
            "ftp://127.0.0.1/film.mp4",
            "loopback",
            kie.url() + "/result/a-1.mp4",
            "decimal",
            "http://2130706433:" + port + "/result/a-1.mp4",
            "mapped",
            "http://[::ffff:7f00:1]:" + port + "/result/a-1.mp4",
            "name",
            "http://localhost:" + port + "/result/a-1.mp4",
            "metadata",
            "http://169.254.169.254/latest/meta-data/",
            "login",
            "http://user:word@127.0.0.1:" + port + "/result/a-1.mp4",
            "hostless",
            "http://user:word@",
            "port",
            "http://127.0.0.1:99999/");
    for (var link : links.entrySet()) {
      fate("to " + link.getKey(), TaskPlan.succeeds().links(link.getValue()));
    }
    fate("many", TaskPlan.succeeds().links(tenThousand()));
    fate("deep result", TaskPlan.succeeds());
    kie.on(Endpoint.RECORD_INFO).always(Answers.rewritten(HostileAnswersTest::nestResult));

    clean("log", drain());

    for (var job : place.jobs()) {
      var error = place.note("failed/result/avatar/" + job.name() + "/error.json");
      assertThat(error.path("taskId").asText()).isEqualTo(job.taskId());
      assertThat(error.path("charged").asText()).isEqualTo("yes");
      assertThat(error.path("results").size()).as(job.name()).isLessThanOrEqualTo(100);
    }
    assertThat(place.jobs()).hasSize(links.size() + 2);
    assertThat(kie.calls(Endpoint.RESULT)).isZero();
    assertThat(place.tree("outbox")).isEmpty();
    originals.assertEachInExactlyOnePlace();
  }

  private String[] tenThousand() {
    return IntStream.range(0, 10_000)
        .mapToObj(i -> kie.url() + "/result/" + i + ".mp4")
        .toArray(String[]::new);
  }

  private static void nestResult(ObjectNode envelope) {
    if (envelope.at("/data/param").asText().contains("deep result")) {
      ((ObjectNode) envelope.path("data"))
          .put("resultJson", "{\"resultUrls\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}");
    }
  }

  /** Two hundred megabytes of JSON in two hundred kilobytes. */
  private static Behaviour gzipBomb() throws IOException {
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      var blanks = " ".repeat(1_000_000).getBytes(StandardCharsets.US_ASCII);
      for (int i = 0; i < 200; i++) {
        gzip.write(blanks);
      }
    }
    return Answers.reply(
        Reply.of(200, "application/json", Body.of(packed.toByteArray()))
            .with("Content-Encoding", "gzip"));
  }

  private static Behaviour headFlood() {
    var headers = new HashMap<String, String>();
    for (int i = 0; i < 5_000; i++) {
      headers.put("X-Flood-" + i, "y".repeat(1_000));
    }
    return turn -> {
      turn.readAll();
      try {
        turn.send(new Reply(200, headers, Body.of("{}")));
      } catch (IOException e) {
        turn.close();
      }
    };
  }

  private static void endless(Turn turn) throws IOException {
    turn.readAll();
    turn.sendHead(
        Reply.of(200, "application/json", Body.of("")).with("Content-Length", "9999999999"));
    var blanks = " ".repeat(10_000).getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < 20_000; i++) {
      turn.out().write(blanks);
      turn.out().flush();
      turn.pause(Duration.ofMillis(i < 200 ? 0 : 100));
    }
  }

  private static void drip(Turn turn) throws IOException {
    turn.readAll();
    turn.sendHead(
        Reply.of(200, "application/json", Body.of("")).with("Content-Length", "9999999999"));
    for (int i = 0; i < 10_000; i++) {
      turn.out().write(' ');
      turn.out().flush();
      turn.pause(Duration.ofMillis(200));
    }
  }

  private void created(String name, Behaviour answer) throws IOException {
    kie.on(Endpoint.CREATE_TASK).when(Call.promptContains(name)).always(answer);
    drop(name);
  }

  private void fate(String name, TaskPlan plan) throws IOException {
    kie.plan().when(Call.promptContains(name)).always(plan);
    drop(name);
  }

  private void drop(String name) throws IOException {
    var avatar = place.inbox("avatar");
    originals.dropped(Files.writeString(avatar.resolve(name + ".txt"), name));
    originals.dropped(TestMedia.pair(avatar, name, seed++));
  }

  /** Runs the program until nothing is left to do; answers what it printed. */
  private String drain() throws Exception {
    try (var app = AppProcess.start(folder, place.environment(), "--exit-when-idle")) {
      app.exitCode();
      return app.printed();
    }
  }

  private String why(Job job) throws Exception {
    try (var app = AppProcess.start(folder, place.environment(), "why", job.id())) {
      assertThat(app.exitCode()).isZero();
      return app.printed();
    }
  }

  private Map<String, JobState> states() {
    var states = new TreeMap<String, JobState>();
    place.jobs().forEach(job -> states.put(job.name(), job.state()));
    return states;
  }

  private void clean(String what, String text) {
    assertThat(text).as(what).doesNotContain(kie.key());
    assertThat(text.lines()).as(what).noneMatch(line -> line.startsWith("2026-01-01 FAKE"));
    assertThat(text.codePoints().filter(c -> c != '\n' && c != '\r'))
        .as(what)
        .noneMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x202e);
  }

  /** In no file below the working folder, the database among them. */
  private void keptNowhere(String key) throws IOException {
    try (var walk = Files.walk(folder)) {
      for (var file : walk.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain(key);
      }
    }
  }
}
