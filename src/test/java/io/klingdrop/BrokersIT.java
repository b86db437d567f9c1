package io.klingdrop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.JobState;
import io.klingdrop.ledger.Books;
import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.OutcomeRows;
import io.klingdrop.testing.Answers;
import io.klingdrop.testing.AppProcess;
import io.klingdrop.testing.Brokers;
import io.klingdrop.testing.Call;
import io.klingdrop.testing.Endpoint;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.Faults;
import io.klingdrop.testing.ResultShape;
import io.klingdrop.testing.TaskPlan;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The single jar with components in lib/, a real Artemis and a real Kafka. */
@EnabledIfSystemProperty(named = "klingdrop.brokers", matches = "true")
class BrokersIT {
  private static final Path COMPONENTS = Path.of("src/main/scripts/share/components/pom.xml");

  @TempDir private Path top;
  private Path jar;
  private Path folder;
  private FakeKie kie;
  private Workplace place;
  private Brokers brokers;
  private int seed;

  @BeforeEach
  void install() throws Exception {
    var lib = Path.of("target/brokers/lib").toAbsolutePath();
    if (!Files.isDirectory(lib)) {
      Brokers.fetch(COMPONENTS.toAbsolutePath(), "jms,kafka", lib);
    }
    var app = Files.createDirectories(top.resolve("app"));
    jar = Files.copy(Path.of(System.getProperty("klingdrop.jar")), app.resolve("klingdrop.jar"));
    Files.createSymbolicLink(app.resolve("lib"), lib);
    folder = Files.createDirectories(top.resolve("work"));
    kie = FakeKie.start();
    place = new Workplace(folder, kie);
    brokers = new Brokers(top.resolve("brokers"));
    Files.createDirectories(folder.resolve("config"));
    Files.writeString(
        folder.resolve("config/application.properties"),
        """
        camel.beans.artemis = #class:org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory("tcp://127.0.0.1:%d")
        camel.beans.pool = #class:org.messaginghub.pooled.jms.JmsPoolConnectionFactory
        camel.beans.pool.connectionFactory = #bean:artemis
        camel.component.jms.connectionFactory = #bean:pool
        camel.component.kafka.brokers = 127.0.0.1:%d
        camel.component.kafka.maxBlockMs = 3000
        """
            .formatted(brokers.artemisPort, brokers.kafkaPort));
    for (var failureClass : FailureClass.values()) {
      channel(failureClass.channel(), "jms:queue:failed kafka:klingdrop.failed");
    }
    channel("code-422", "jms:queue:failed kafka:klingdrop.422");
    channel("code-501", "jms:queue:failed kafka:klingdrop.501");
    channel("delivered", "jms:queue:delivered");
  }

  private void channel(String name, String endpoints) {
    place.set("klingdrop.channel." + name, endpoints);
  }

  @AfterEach
  void close() {
    brokers.close();
    kie.close();
  }

  private AppProcess start(String... words) throws IOException {
    return AppProcess.start(folder, place.environment(), List.of("-cp", jar.toString()), words);
  }

  private Path drop(String name, TaskPlan plan) throws IOException {
    kie.plan().when(Call.promptContains(name)).always(plan);
    var inbox = place.inbox("avatar");
    Files.writeString(inbox.resolve(name + ".txt"), name);
    TestMedia.pair(inbox, name, seed++);
    return inbox;
  }

  /** One failure of each class, called by it, and one more that the provider calls 422. */
  private void dropOneOfEach() throws IOException {
    place.set("klingdrop.inbox.pair-window", "1s");
    place.set("klingdrop.submit.give-up", "1s");
    place.set("klingdrop.poll.grace", "1s");
    place.set("klingdrop.result.give-up", "1s");
    place.set("klingdrop.deliver.give-up", "1s");
    TestMedia.wav(place.inbox("avatar").resolve("unpaired.wav"), TestMedia.VOICE_LENGTH, 900);
    Files.writeString(place.inbox("avatar").resolve("invalid.png"), "no picture");
    TestMedia.wav(place.inbox("avatar").resolve("invalid.wav"), TestMedia.VOICE_LENGTH, 901);
    drop("shape", TaskPlan.fails("422", "file type not supported"));
    drop("rejected", TaskPlan.fails("422", "blocked by content policy"));
    drop("generation", TaskPlan.fails("501", "Generation failed"));
    drop("expired", TaskPlan.succeeds().unknownFor(10_000));
    drop("result", TaskPlan.succeeds().result(ResultShape.NO_URLS));
    drop("provider", TaskPlan.succeeds());
    kie.on(Endpoint.CREATE_TASK)
        .when(Call.promptContains("provider"))
        .always(Answers.envelope(500, "Internal Error, Please try again"));
    drop("submit-unknown", TaskPlan.succeeds());
    kie.on(Endpoint.CREATE_TASK)
        .when(Call.promptContains("submit-unknown"))
        .always(Faults.acceptThenReset());
    kie.plan().when(Call.promptContains("delivery")).always(TaskPlan.succeeds());
    Files.createDirectories(folder.resolve("outbox/avatar"));
    Files.writeString(folder.resolve("outbox/avatar/stuck"), "a file where a folder should be");
    var stuck = Files.createDirectories(place.inbox("avatar").resolve("stuck"));
    Files.writeString(stuck.resolve("delivery.txt"), "delivery");
    TestMedia.pair(stuck, "delivery", 950);
  }

  private void awaitTold() {
    var db = place.settings().database();
    await()
        .atMost(Duration.ofSeconds(90))
        .until(
            () -> {
              try (var database = Database.open(db.url(), db.user(), db.password())) {
                return new OutcomeRows(database, InstantSource.system()).backlog().isEmpty();
              }
            });
  }

  private static JsonNode event(String message, int words) throws IOException {
    return new ObjectMapper().readTree(message.split(" ", words + 1)[words]);
  }

  private void assertEachClassArrivedOnce() throws Exception {
    var queued = brokers.queue("failed");
    var expected = new java.util.ArrayList<>(List.of("invalid"));
    Arrays.stream(FailureClass.values()).map(FailureClass::channel).forEach(expected::add);
    assertThat(queued)
        .extracting(message -> message.split(" ", 2)[0])
        .containsExactlyInAnyOrderElementsOf(expected);
    var topics = brokers.topics();
    assertThat(topics).hasSize(queued.size());
    for (var message : topics) {
      var event = event(message, 2);
      var code = event.at("/data/failCode").asText();
      var rejected = event.at("/data/class").asText().equals("rejected");
      var topic = List.of("422", "501").contains(code) && !rejected ? code : "failed";
      assertThat(message).startsWith("klingdrop." + topic + " " + event.path("subject").asText());
    }
  }

  @Test
  void failuresOfEachClassArriveOnceOnAQueueAndOnATopicChosenByFailCode() throws Exception {
    brokers.start();
    dropOneOfEach();
    try (var app = start("--exit-when-idle")) {
      assertThat(app.exitCode(Duration.ofSeconds(120))).as(app.printed()).isEqualTo(1);
    }
    awaitTold();
    assertEachClassArrivedOnce();
  }

  @Test
  void nothingIsLostWhenBothBrokersAreDownForTheWholeRunAndComeBack() throws Exception {
    dropOneOfEach();
    for (int i = 0; i < 5; i++) {
      drop("good" + i, TaskPlan.succeeds());
    }
    try (var app = start("--exit-when-idle")) {
      assertThat(app.exitCode(Duration.ofSeconds(180))).as(app.printed()).isEqualTo(1);
    }
    assertThat(place.ask(Books::counts)).containsEntry(JobState.DELIVERED, 5L);

    brokers.start();
    try (var app = start().awaitReady()) {
      awaitTold();
      app.terminate();
      assertThat(app.exitCode(Duration.ofSeconds(60))).isIn(0, 143);
    }
    assertEachClassArrivedOnce();
    assertThat(brokers.queue("delivered")).hasSize(5);
  }

  @Test
  void withoutItsJarsAComponentIsAskedFor() throws Exception {
    Files.delete(jar.resolveSibling("lib"));
    Files.delete(folder.resolve("config/application.properties"));
    try (var app =
        AppProcess.start(folder, Map.copyOf(place.environment()), List.of("-cp", jar.toString()))) {
      assertThat(app.exitCode(Duration.ofSeconds(60))).isEqualTo(2);
      assertThat(app.printed()).contains("klingdrop.channel.rejected", "camel-jms", "lib/");
    }
  }
}
