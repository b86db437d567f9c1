package io.klingdrop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.testing.AppProcess;
import io.klingdrop.testing.Call;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.TaskPlan;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log of the program as a process, in JSON from its first line to its last. */
class JsonLogTest {
  @TempDir private Path top;
  private Path folder;
  private FakeKie kie;
  private Workplace place;

  @BeforeEach
  void open() throws IOException {
    folder = Files.createDirectories(top.resolve("work"));
    kie = FakeKie.start();
    place = new Workplace(folder, kie).set("klingdrop.log.format", "json");
  }

  @AfterEach
  void close() {
    kie.close();
  }

  private String run(int expected, String... words) throws Exception {
    try (var app = AppProcess.start(folder, place.environment(), words)) {
      assertThat(app.exitCode()).as(app.printed()).isEqualTo(expected);
      return app.output();
    }
  }

  /** What a person is told on standard error about a fault of the settings. */
  private String told(String... words) throws Exception {
    try (var app = AppProcess.start(folder, place.environment(), words)) {
      assertThat(app.exitCode()).as(app.printed()).isEqualTo(2);
      assertThat(app.output()).isEmpty();
      return app.printed();
    }
  }

  /** Every line as a JSON object with the usual fields. */
  private static List<JsonNode> events(String printed) throws IOException {
    var events = new ArrayList<JsonNode>();
    for (var line : printed.split("\n")) {
      assertThat(line).startsWith("{\"time\":\"").endsWith("}");
      var event = new ObjectMapper().readTree(line);
      assertThat(Instant.parse(event.path("time").asText()))
          .isBetween(Instant.now().minusSeconds(120), Instant.now().plusSeconds(5));
      for (var field : List.of("level", "logger", "thread", "message")) {
        assertThat(event.path(field).asText()).as(field + " " + line).isNotEmpty();
      }
      events.add(event);
    }
    return events;
  }

  @Test
  void everyLineOfARunIsAnObjectAndThoseOfJobsNameThem() throws Exception {
    kie.plan()
        .when(Call.promptContains("broken"))
        .always(TaskPlan.fails("501", "Gen\u202e failed"));
    for (var name : List.of("good", "broken")) {
      Files.writeString(place.inbox("avatar").resolve(name + ".txt"), name);
      TestMedia.pair(place.inbox("avatar"), name, name.length());
    }
    var events = events(run(1, "--exit-when-idle"));

    assertThat(events)
        .anyMatch(e -> e.path("message").asText().matches("klingdrop ready in \\d+ ms"))
        .anyMatch(e -> e.path("message").asText().startsWith("1 job failed; see "))
        .noneMatch(e -> e.toString().contains("\u202e"));
    for (var job : place.jobs()) {
      assertThat(events)
          .filteredOn(e -> e.path("message").asText().contains(job.id()))
          .hasSizeGreaterThan(3)
          .allMatch(e -> e.path("job").asText().equals(job.id()));
    }
  }

  @Test
  void faultsOfTheConfigurationAreObjectsToo() throws Exception {
    place.set("klingdrop.poll.min", "soon").set("klingdrop.pol.max", "1s");
    var events = events(run(2, "run"));
    assertThat(events)
        .hasSize(2)
        .allMatch(e -> e.path("level").asText().equals("ERROR"))
        .anyMatch(e -> e.path("message").asText().contains("KLINGDROP_POLL_MIN"))
        .anyMatch(e -> e.path("message").asText().contains("KLINGDROP_POL_MAX"));
  }

  @Test
  void aStartThatIsRefusedIsAnObjectToo() throws Exception {
    place.set("klingdrop.outbox.dir", "inbox");
    assertThat(events(run(2))).allMatch(e -> e.path("level").asText().equals("ERROR")).isNotEmpty();
  }

  @Test
  void theFileOfSettingsSaysItAsWell() throws Exception {
    var text = new Workplace(folder, kie).environment();
    Files.createDirectories(folder.resolve("config"));
    Files.writeString(
        folder.resolve("config/application.properties"), "klingdrop.log.format = json\n");
    try (var app = AppProcess.start(folder, text, "run", "--exit-when-idle")) {
      assertThat(app.exitCode()).as(app.printed()).isZero();
      assertThat(events(app.output())).isNotEmpty();
    }
  }

  @Test
  void anUnknownFormatIsAFaultToldInText() throws Exception {
    place.set("klingdrop.log.format", "xml");
    assertThat(told("run"))
        .contains(
            "KLINGDROP_LOG_FORMAT: 'xml' is not possible here; this version knows: text, json");
  }

  @Test
  void verbsOfPeopleStayAsTheyAre() throws Exception {
    assertThat(run(0, "status")).startsWith("Nothing here: there is no ledger in ");
    place.set("klingdrop.poll.min", "soon");
    assertThat(told("status")).startsWith("The configuration has faults");
  }
}
