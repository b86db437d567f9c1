package io.klingdrop;

import static io.klingdrop.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.JobState;
import io.klingdrop.testing.Answers;
import io.klingdrop.testing.EachFailure;
import io.klingdrop.testing.Endpoint;
import io.klingdrop.testing.Examples;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.Schemas;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every kind of outcome there is, against the schema that is published. */
class OutcomeSchemaTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  @Test
  void eachKindOfOutcomeIsAMessageThatFitsTheSchema() throws Exception {
    var channels =
        Stream.concat(
            Arrays.stream(FailureClass.values()).map(FailureClass::channel),
            Stream.of("delivered", "duplicate", "cancelled", "lane", "credit"));
    try (var kie = FakeKie.start();
        var place = new Workplace(folder, kie)) {
      channels.forEach(
          name -> place.set("klingdrop.channel." + name, "file:" + folder.resolve("told")));
      EachFailure.drop(place, kie);
      TestMedia.pair(place.inbox("avatar"), "good", 1);
      kie.on(Endpoint.CREATE_TASK).next(Answers.envelope(402, "Credits insufficient"));
      place.drain();
      TestMedia.pair(place.inbox("avatar"), "again", 1);
      place.drain();
      kie.holdTasks();
      TestMedia.pair(place.inbox("avatar"), "stopped", 2);
      place.start();
      place.awaitJobs(JobState.RUNNING, 1);
      place.change(ledger -> ledger.cancelled(place.job("stopped"), "a person"));
      await()
          .ignoreExceptions()
          .until(() -> events(place).stream().anyMatch(event -> kind(event).contains("cancel")));

      var events = events(place);
      var expected =
          new ArrayList<>(
              List.of(
                  "job.delivered.v1",
                  "job.duplicate.v1",
                  "job.cancelled.v1 cancelled",
                  "lane.closed.v1",
                  "lane.opened.v1",
                  "job.failed.v1 invalid"));
      Arrays.stream(FailureClass.values())
          .map(failureClass -> "job.failed.v1 " + failureClass.channel())
          .forEach(expected::add);
      assertThat(events).extracting(OutcomeSchemaTest::kind).containsAll(expected);
      assertThat(events)
          .extracting(OutcomeSchemaTest::kind)
          .filteredOn(kind -> kind.startsWith("job."))
          .hasSize(expected.size() - 2);
      events.forEach(Schemas::assertOutcome);
    }
  }

  private static List<JsonNode> events(Workplace place) throws Exception {
    var events = new ArrayList<JsonNode>();
    for (var name : place.tree("told")) {
      events.add(place.note("told/" + name));
    }
    return events;
  }

  /** The type without what all have in common, and the failure class if it has one. */
  private static String kind(JsonNode event) {
    var failureClass = event.at("/data/class").asText("");
    var type = event.path("type").asText().replace("io.klingdrop.", "");
    return (type + " " + (failureClass.equals("null") ? "" : failureClass)).strip();
  }

  @Test
  void theExampleInTheDocumentsFitsTheSchema() throws Exception {
    var example =
        JSON.readTree(
            Examples.json("io.klingdrop.job.failed.v1")
                .replaceAll("At\" : \"…\"", "At\" : \"2026-11-21T06:56:33.402Z\""));

    Schemas.assertOutcome(example);
  }
}
