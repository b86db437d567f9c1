package io.klingdrop;

import static io.klingdrop.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.OutcomeRows;
import io.klingdrop.testing.AppProcess;
import io.klingdrop.testing.Brokers;
import io.klingdrop.testing.EachFailure;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The single jar with components in lib/, a real Artemis and a real Kafka. */
@EnabledIfSystemProperty(
    named = "klingdrop.brokers",
    matches = "true",
    disabledReason = "runs in mvn verify -Pbrokers")
class BrokersIT {
  private static final List<String> WAYS = List.of("jms", "amqp");
  private static final List<String> QUEUES = List.of("failed", "422", "501", "delivered");

  @TempDir private Path top;
  private Path jar;
  private Path folder;
  private FakeKie kie;
  private Workplace place;
  private Brokers brokers;

  @BeforeEach
  void install() throws Exception {
    var lib = Path.of("target/brokers/lib").toAbsolutePath();
    if (!Files.isDirectory(lib)) {
      Brokers.fetchComponents("jms,kafka,amqp", lib);
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
        camel.beans.artemis = #class:org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory("tcp://127.0.0.1:%1$d")
        camel.beans.pool = #class:org.messaginghub.pooled.jms.JmsPoolConnectionFactory
        camel.beans.pool.connectionFactory = #bean:artemis
        camel.component.jms.connectionFactory = #bean:pool
        camel.beans.qpid = #class:org.apache.qpid.jms.JmsConnectionFactory("amqp://127.0.0.1:%1$d")
        camel.beans.amqpPool = #class:org.messaginghub.pooled.jms.JmsPoolConnectionFactory
        camel.beans.amqpPool.connectionFactory = #bean:qpid
        camel.component.amqp.connectionFactory = #bean:amqpPool
        camel.component.kafka.brokers = 127.0.0.1:%2$d
        camel.component.kafka.maxBlockMs = 3000
        """
            .formatted(brokers.artemisPort, brokers.kafkaPort));
    for (var failureClass : FailureClass.values()) {
      channel(failureClass.channel(), everywhere("failed"));
    }
    channel("code-422", everywhere("422"));
    channel("code-501", everywhere("501"));
    channel("delivered", everywhere("delivered"));
  }

  private static String everywhere(String name) {
    return "jms:queue:jms.%1$s amqp:queue:amqp.%1$s kafka:klingdrop.%1$s".formatted(name);
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
    return AppProcess.start(folder, place.environment(), List.of("-jar", jar.toString()), words);
  }

  private void dropGood(int number) throws IOException {
    TestMedia.pair(place.inbox("avatar"), "good" + number, number);
  }

  private long backlog() {
    var db = place.settings().database();
    try (var database = Database.open(db.url(), db.user(), db.password())) {
      return new OutcomeRows(database, InstantSource.system())
          .backlog().stream().mapToLong(OutcomeRows.Backlog::count).sum();
    }
  }

  private void awaitTold() {
    await().until(() -> backlog() == 0);
  }

  /** What a message says it is about: the queue or topic it belongs into, its class, its job. */
  private record Heard(String place, String failureClass, String job) {
    static Heard of(JsonNode event) {
      var failureClass = event.at("/data/class").asText("delivered");
      var code = event.at("/data/failCode").asText();
      var place =
          event.path("type").asText().endsWith("delivered.v1")
              ? "delivered"
              : List.of("422", "501").contains(code) && !failureClass.equals("rejected")
                  ? code
                  : "failed";
      return new Heard(place, failureClass, event.path("subject").asText());
    }
  }

  private static Heard told(String place, String text) throws IOException {
    var told = Heard.of(new ObjectMapper().readTree(text));
    assertThat(place).endsWith("." + told.place());
    return told;
  }

  /** What lies in the queues of each way, once read empty: each message where it belongs. */
  private Map<String, List<Heard>> queued() throws Exception {
    var all = new TreeMap<String, List<Heard>>();
    var queues =
        WAYS.stream()
            .flatMap(way -> QUEUES.stream().map(queue -> way + "." + queue))
            .toArray(String[]::new);
    for (var message : brokers.queues(queues)) {
      var parts = message.split(" ", 3);
      var told = told(parts[0], parts[2]);
      // the header routes by, not only the text
      assertThat(parts[1])
          .isEqualTo(told.place().equals("delivered") ? "null" : told.failureClass());
      var way = parts[0].substring(0, parts[0].indexOf('.'));
      all.computeIfAbsent(way, first -> new ArrayList<>()).add(told);
    }
    return all;
  }

  /** What lies in the topics; the key of each record is its job. */
  private List<Heard> recorded() throws Exception {
    var all = new ArrayList<Heard>();
    for (var message : brokers.topics()) {
      var parts = message.split(" ", 3);
      var told = told(parts[0], parts[2]);
      assertThat(parts[1]).isEqualTo(told.job());
      all.add(told);
    }
    return all;
  }

  private void assertEachJobArrivedOnce(int delivered) throws Exception {
    var topics = recorded();
    assertThat(topics).extracting(Heard::job).doesNotHaveDuplicates();
    assertThat(topics)
        .extracting(Heard::job)
        .containsExactlyInAnyOrderElementsOf(place.jobs().stream().map(Job::id).toList());
    var classes = new ArrayList<>(List.of("invalid"));
    Arrays.stream(FailureClass.values()).map(FailureClass::channel).forEach(classes::add);
    assertThat(topics)
        .filteredOn(told -> !told.place().equals("delivered"))
        .extracting(Heard::failureClass)
        .containsExactlyInAnyOrderElementsOf(classes);
    assertThat(topics).filteredOn(told -> told.place().equals("delivered")).hasSize(delivered);
    assertThat(topics).filteredOn(told -> told.place().equals("422")).hasSize(1);
    assertThat(topics).filteredOn(told -> told.place().equals("501")).hasSize(1);
    var queued = queued();
    for (var way : WAYS) {
      assertThat(queued.get(way)).as(way).containsExactlyInAnyOrderElementsOf(topics);
    }
  }

  @Test
  void failuresOfEachClassArriveOnceInQueuesAndATopicChosenByFailCode() throws Exception {
    brokers.start();
    EachFailure.drop(place, kie);
    try (var app = start("--exit-when-idle")) {
      assertThat(app.exitCode()).as(app.printed()).isEqualTo(1);
    }
    // a broker that was too slow for the first try does not hold up the end of a run
    if (backlog() > 0) {
      try (var app = start().awaitReady()) {
        assertThat(app.alive()).isTrue();
        awaitTold();
      }
    }
    assertEachJobArrivedOnce(0);
  }

  @Test
  void nothingIsLostWhenBothBrokersAreDownForTheWholeRunAndComeBack() throws Exception {
    EachFailure.drop(place, kie);
    for (int i = 0; i < 5; i++) {
      dropGood(i);
    }
    try (var app = start("--exit-when-idle")) {
      assertThat(app.exitCode()).as(app.printed()).isEqualTo(1);
    }
    Map<JobState, Long> counts = place.ask(queries -> queries.counts().byState());
    assertThat(counts).containsEntry(JobState.DELIVERED, 5L);
    assertThat(backlog()).isEqualTo(place.jobs().size());

    brokers.start();
    try (var app = start().awaitReady()) {
      awaitTold();
      app.terminate();
      assertThat(app.exitCode()).isIn(0, 143);
    }
    assertEachJobArrivedOnce(5);
  }

  @Test
  void withoutItsJarsAComponentIsAskedFor() throws Exception {
    Files.delete(jar.resolveSibling("lib"));
    Files.delete(folder.resolve("config/application.properties"));
    try (var app =
        AppProcess.start(
            folder, Map.copyOf(place.environment()), List.of("-jar", jar.toString()))) {
      assertThat(app.exitCode()).isEqualTo(2);
      assertThat(app.printed()).contains("klingdrop.channel.rejected", "camel-jms", "lib/");
    }
  }
}
