package io.klingdrop;

import static io.klingdrop.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.JobState;
import io.klingdrop.testing.EachFailure;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.Http;
import io.klingdrop.testing.Schemas;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever tells of a job says the same: notes, messages and the API differ in what they omit. */
class OneDocumentTest {
  /** Every job's note, message and two views of the API. */
  private static final int VIEWS = 4;

  @TempDir private Path folder;

  @Test
  void notesMessagesAndApiSayTheSameOfEachJob() throws Exception {
    try (var kie = FakeKie.start();
        var place = new Workplace(folder, kie)) {
      var http = place.http();
      Stream.concat(
              Arrays.stream(FailureClass.values()).map(FailureClass::channel),
              Stream.of("delivered", "duplicate", "cancelled"))
          .forEach(
              name -> place.set("klingdrop.channel." + name, "file:" + folder.resolve("told")));
      EachFailure.drop(place, kie);
      TestMedia.pair(place.inbox("avatar"), "good", 1);
      place.start().awaitHttp(http);
      place.awaitJobs(JobState.DELIVERED, 1);
      TestMedia.pair(place.inbox("avatar"), "again", 1);
      place.awaitJobs(JobState.DUPLICATE, 1);
      place.awaitJobs(JobState.FAILED, FailureClass.values().length);
      place.awaitJobs(JobState.SUBMIT_UNKNOWN, 1);
      kie.holdTasks();
      TestMedia.pair(place.inbox("avatar"), "stopped", 2);
      place.awaitJobs(JobState.RUNNING, 1);
      place.change(ledger -> ledger.cancelled(place.job("stopped"), "a person"));
      await().until(() -> place.ask(queries -> queries.counts().open()) == 0);
      await().until(() -> place.tree("told").size() == place.jobs().size());

      var views = views(place, http);
      assertThat(views).hasSize(FailureClass.values().length + 4);
      views.forEach(OneDocumentTest::assertOne);
    }
  }

  /** What is told of each job, by its id, then by who tells it. */
  private static Map<String, Map<String, JsonNode>> views(Workplace place, Http http)
      throws Exception {
    var views = new HashMap<String, Map<String, JsonNode>>();
    for (var name : place.tree("failed")) {
      if (name.endsWith("/error.json")) {
        keep(views, "errorNote", place.note("failed/" + name));
      }
    }
    for (var name : place.tree("duplicates")) {
      if (name.endsWith("/duplicate.json")) {
        keep(views, "duplicateNote", place.note("duplicates/" + name));
      }
    }
    for (var name : place.tree("outbox")) {
      if (name.endsWith(".json")) {
        keep(views, "resultNote", place.note("outbox/" + name));
      }
    }
    for (var name : place.tree("told")) {
      keep(views, "outcome", place.note("told/" + name).path("data"));
    }
    for (var job : Http.json(http.get("/ops/api/jobs?limit=100")).path("jobs")) {
      keep(views, "listed", job);
      var id = job.path("job").asText();
      keep(views, "shown", Http.json(http.get("/ops/api/jobs/" + id)));
    }
    return views;
  }

  private static void keep(
      Map<String, Map<String, JsonNode>> views, String view, JsonNode document) {
    Schemas.assertFits(view, document);
    views.computeIfAbsent(document.path("job").asText(), id -> new HashMap<>()).put(view, document);
  }

  private static void assertOne(String job, Map<String, JsonNode> views) {
    assertThat(views).as(job).hasSize(VIEWS);
    views.forEach(
        (name, view) ->
            views.forEach((other, known) -> assertSame(name + " and " + other, view, known)));
  }

  /** That two have the same value wherever they have the same key. */
  private static void assertSame(String where, JsonNode one, JsonNode other) {
    if (one.isObject() && other.isObject()) {
      var common = new TreeSet<String>();
      one.fieldNames().forEachRemaining(common::add);
      common.removeIf(key -> !other.has(key));
      // the note is there before the state says that everything is
      common.remove("deliveredAt");
      common.forEach(key -> assertSame(where + ": " + key, one.get(key), other.get(key)));
    } else if (one.isArray() && other.isArray()) {
      assertThat(one.size()).as(where).isEqualTo(other.size());
      for (int i = 0; i < one.size(); i++) {
        assertSame(where + "/" + i, one.get(i), other.get(i));
      }
    } else {
      assertThat(one).as(where).isEqualTo(other);
    }
  }
}
