package io.klingdrop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetupTest;
import io.klingdrop.app.Klingdrop;
import io.klingdrop.job.JobState;
import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.OutcomeRow;
import io.klingdrop.ledger.OutcomeRows;
import io.klingdrop.process.StartException;
import io.klingdrop.testing.Answers;
import io.klingdrop.testing.Call;
import io.klingdrop.testing.Endpoint;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.Listener;
import io.klingdrop.testing.Schemas;
import io.klingdrop.testing.TaskPlan;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every outcome is also a message, once it is true and until it arrives. */
class OutcomeMessagesTest {
  @TempDir private Path folder;
  private FakeKie kie;
  private Workplace place;
  private int seed;

  @BeforeEach
  void open() {
    kie = FakeKie.start();
    place = new Workplace(folder, kie);
  }

  @AfterEach
  void close() throws Exception {
    place.close();
    kie.close();
  }

  private void drop(String name, TaskPlan plan) throws Exception {
    kie.plan().when(Call.promptContains(name)).always(plan);
    Files.writeString(place.inbox("avatar").resolve(name + ".txt"), name);
    TestMedia.pair(place.inbox("avatar"), name, seed++);
  }

  private <T> T outcomes(Function<OutcomeRows, T> question) {
    var db = place.settings().database();
    try (var database = Database.open(db.url(), db.user(), db.password())) {
      return question.apply(new OutcomeRows(database, InstantSource.system()));
    }
  }

  private static List<String> subjects(Listener listener) {
    return listener.posts().stream().map(post -> post.json().path("subject").asText()).toList();
  }

  @Test
  void eachOutcomeGoesToTheChannelItsStateClassAndCodeAskFor() throws Exception {
    try (var listener = Listener.start()) {
      for (var channel :
          List.of("delivered", "duplicate", "invalid", "rejected", "generation", "lane")) {
        place.set("klingdrop.channel." + channel, listener.url("/" + channel));
      }
      place.set("klingdrop.channel.code-501", listener.url("/501"));
      place.set("klingdrop.channel.code-422", listener.url("/422"));
      place.set("klingdrop.channel.credit", listener.url("/credit"));
      place.set("klingdrop.outcome.source", "/studio/one");
      drop("good", TaskPlan.succeeds());
      drop("weak", TaskPlan.fails("501", "Generation failed"));
      drop("odd", TaskPlan.fails("E-77", "unheard of"));
      drop("shape", TaskPlan.fails("422", "file type not supported"));
      drop("rude", TaskPlan.fails("422", "blocked by content policy"));
      kie.on(Endpoint.CREATE_TASK).next(Answers.envelope(402, "Credits insufficient"));
      assertThat(place.drain()).isEqualTo(4);
      Files.writeString(place.inbox("avatar").resolve("again.txt"), "good");
      TestMedia.pair(place.inbox("avatar"), "again", 0);
      place.drain();

      for (var post : listener.posts()) {
        Schemas.assertOutcome(post.json());
        assertThat(post.json().path("source").asText()).isEqualTo("/studio/one");
        assertThat(post.headers().getFirst("Content-Type"))
            .isEqualTo("application/cloudevents+json; charset=UTF-8");
        assertThat(post.body()).doesNotContain(kie.key());
      }
      assertThat(listener.posts())
          .extracting(post -> post.path() + " " + post.json().at("/data/name").asText())
          .containsExactlyInAnyOrder(
              "/delivered good",
              "/501 weak",
              "/generation odd",
              "/422 shape",
              "/rejected rude",
              "/duplicate again",
              "/credit ",
              "/credit ");
      assertThat(outcomes(OutcomeRows::backlog)).isEmpty();
    }
  }

  @Test
  void aFailureThatIsTriedAgainByItselfIsNoOutcome() throws Exception {
    try (var listener = Listener.start()) {
      place.set("klingdrop.channel.generation", listener.url("/generation"));
      place.set("klingdrop.channel.delivered", listener.url("/delivered"));
      Files.createDirectories(folder.resolve("config/profiles"));
      Files.writeString(
          folder.resolve("config/profiles/avatar.yaml"),
          "provider: kie\nmodel: kling/v1-avatar-standard\nretry: {generation: 1}\n");
      kie.plan().next(TaskPlan.fails("500", "no luck"), TaskPlan.succeeds());
      TestMedia.pair(place.inbox("avatar"), "twice", 3);
      place.drain();

      assertThat(listener.posts())
          .extracting(post -> post.path() + " " + post.json().at("/data/name").asText())
          .containsExactly("/delivered twice");
      assertThat(outcomes(OutcomeRows::backlog)).isEmpty();
    }
  }

  @Test
  void aMessageSaysWhereTheFilesAreAndItsHeadersSayWhatRoutesNeed() throws Exception {
    try (var listener = Listener.start()) {
      place.set("klingdrop.channel.generation", listener.url("/queue"));
      place.set("klingdrop.channel.delivered", listener.url("/queue"));
      drop("good", TaskPlan.succeeds());
      drop("weak", TaskPlan.fails("501", "Generation failed"));
      place.drain();

      var weak = message(listener, "weak");
      var job = place.job("weak");
      var data = weak.json().path("data");
      assertThat(data.path("folder").asText())
          .isEqualTo(folder.toRealPath().resolve("failed/generation/avatar/weak").toString());
      assertThat(Path.of(data.path("folder").asText()).resolve("error.json")).exists();
      assertThat(data.path("charged").asText()).isEqualTo("no");
      assertThat(weak.json().path("id").asText()).startsWith(job.id() + ".");
      assertThat(weak.json().path("type").asText()).isEqualTo("io.klingdrop.job.failed.v1");
      assertThat(headers(weak))
          .containsExactly(
              job.id(),
              "weak",
              "avatar",
              "kie",
              job.model(),
              "FAILED",
              job.taskId(),
              "generation",
              "501",
              "Generation failed");

      var good = message(listener, "good").json().path("data");
      assertThat(good.at("/results/0/places/0/location").asText())
          .isEqualTo(folder.toRealPath().resolve("outbox/avatar/good.mp4").toString());
      assertThat(good.at("/results/0/sha256").asText()).hasSize(64);
      assertThat(good.toString()).doesNotContain("://");
    }
  }

  private static Listener.Post message(Listener listener, String name) {
    return listener.posts().stream()
        .filter(post -> post.json().at("/data/name").asText().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> headers(Listener.Post post) {
    return List.of(
            "JobId",
            "Name",
            "Profile",
            "Provider",
            "Model",
            "State",
            "TaskId",
            "FailClass",
            "FailCode",
            "FailMessage")
        .stream()
        .map(name -> post.headers().getFirst("Klingdrop" + name))
        .toList();
  }

  @Test
  void withoutChannelsNothingIsSentAndNothingIsKept() throws Exception {
    drop("good", TaskPlan.succeeds());
    drop("weak", TaskPlan.fails("501", "Generation failed"));
    place.drain();

    assertThat(outcomes(OutcomeRows::backlog)).isEmpty();
    assertThat(place.tree("failed")).contains("generation/avatar/weak/error.json");
  }

  @Test
  void aBrokerThatIsDownForAWholeRunLosesNothingAndStopsNoVideo() throws Exception {
    int port;
    try (var gone = Listener.start()) {
      port = gone.port();
    }
    var url = "http://127.0.0.1:" + port + "/secret-path?token=hush-hush";
    for (var channel : List.of("delivered", "generation")) {
      place.set("klingdrop.channel." + channel, url);
    }
    for (int i = 0; i < 5; i++) {
      drop("good" + i, TaskPlan.succeeds());
    }
    drop("weak", TaskPlan.fails("501", "Generation failed"));
    place.drain();
    assertThat(place.ask(queries -> queries.counts().byState()).get(JobState.DELIVERED))
        .isEqualTo(5);

    var waiting = outcomes(rows -> rows.waiting(100));
    assertThat(waiting).hasSize(6).allMatch(row -> row.way() == OutcomeRow.Way.CHANNEL);
    assertThat(waiting).filteredOn(row -> row.tries() > 0).hasSize(1);
    assertThat(waiting.toString()).doesNotContain("hush").doesNotContain("secret-path");

    try (var back = Listener.start(port)) {
      place.start();
      place.await(() -> back.posts().size() >= 6);
      place.await(() -> outcomes(OutcomeRows::backlog).isEmpty());
      assertThat(subjects(back)).hasSize(6).doesNotHaveDuplicates();
    }
  }

  @Test
  void messagesAboutOneJobComeInOrderAndOnceToEachEndpointThatTakesThem() throws Exception {
    try (var sound = Listener.start();
        var moody = Listener.start()) {
      moody.answer(503);
      place.set("klingdrop.channel.generation", sound.url("/a") + " " + moody.url("/b"));
      place.set("klingdrop.channel.cancelled", moody.url("/b"));
      drop("weak", TaskPlan.fails("501", "Generation failed"));
      place.start();
      place.awaitJobs(JobState.FAILED, 1);
      place.await(() -> !moody.refused().isEmpty());
      place.change(ledger -> ledger.cancelled(place.job("weak"), "a person cancelled it"));
      place.await(() -> place.ask(queries -> queries.counts().open()) == 0);
      place.await(() -> moody.refused().size() >= 2);
      moody.answer(200);
      place.await(() -> moody.posts().size() == 2);

      assertThat(sound.posts()).hasSize(1);
      assertThat(moody.posts())
          .extracting(post -> post.json().at("/data/state").asText())
          .containsExactly("FAILED", "CANCELLED");
    }
  }

  @Test
  void anUnknownComponentStopsTheStartWithAHintAndWithoutThePassword() throws Exception {
    place.set("klingdrop.channel.rejected", "jms:queue:bad?password=hush-hush");
    try (var klingdrop = new Klingdrop(place.settings())) {
      assertThatThrownBy(() -> klingdrop.run(true))
          .isInstanceOf(StartException.class)
          .hasMessageContaining("klingdrop.channel.rejected")
          .hasMessageContaining("camel-jms")
          .hasMessageContaining("lib/")
          .hasMessageNotContaining("hush");
    }
  }

  @Test
  void aMisspeltOptionOfAnEndpointStopsTheStart() throws Exception {
    place.set("klingdrop.channel.rejected", "file:notes?fileExits=Fail");
    try (var klingdrop = new Klingdrop(place.settings())) {
      assertThatThrownBy(() -> klingdrop.run(true)).hasMessageContaining("fileExits");
    }
  }

  @Test
  void aWebAddressWithAPasswordInItIsRefusedWithoutShowingIt() throws Exception {
    place.set("klingdrop.channel.rejected", "https://user:hush-hush@tickets.example/new");
    try (var klingdrop = new Klingdrop(place.settings())) {
      assertThatThrownBy(() -> klingdrop.run(true))
          .hasMessageContaining("authUsername")
          .hasMessageNotContaining("hush");
    }
  }

  @Test
  void theExampleRouteWritesAnEmail() throws Exception {
    var routes = Files.createDirectories(folder.resolve("routes"));
    try (var shipped = Files.list(Path.of("routes"))) {
      for (var file : shipped.toList()) {
        Files.copy(file, routes.resolve(file.getFileName()));
      }
    }
    var mail = new GreenMail(ServerSetupTest.SMTP.dynamicPort());
    mail.start();
    mail.setUser("klingdrop", "klingdrop");
    try {
      var example =
          Files.readString(Path.of("config/examples/mail.camel.yaml"))
              .replace("mail.example:587", "127.0.0.1:" + mail.getSmtp().getPort())
              .replace("{{env:MAIL_PASSWORD}}", "klingdrop")
              .replace("required: \"true\"", "required: \"false\"");
      Files.writeString(routes.resolve("mail.camel.yaml"), example);
      place.set("klingdrop.channel.generation", "direct:studio-mail");
      drop("weak", TaskPlan.fails("501", "Generation failed"));
      place.drain();

      assertThat(mail.getReceivedMessages()).hasSize(1);
      var message = mail.getReceivedMessages()[0];
      assertThat(message.getSubject()).isEqualTo("klingdrop: FAILED generation weak");
      assertThat(GreenMailUtil.getBody(message))
          .contains("Generation failed", "klingdrop why " + place.job("weak").id());
    } finally {
      mail.stop();
    }
  }

  @Test
  void aFileEndpointGetsOneFileForEachMessage() throws Exception {
    place.set("klingdrop.channel.generation", "file:" + folder.resolve("tickets"));
    drop("weak", TaskPlan.fails("501", "Generation failed"));
    place.drain();

    assertThat(place.tree("tickets")).hasSize(1);
    JsonNode event = place.note("tickets/" + place.tree("tickets").get(0));
    assertThat(event.at("/data/name").asText()).isEqualTo("weak");
    assertThat(place.tree("tickets").get(0)).isEqualTo(event.path("id").asText() + ".json");
  }
}
