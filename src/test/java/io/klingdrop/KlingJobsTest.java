package io.klingdrop;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.job.FailureClass;
import io.klingdrop.job.JobEvent;
import io.klingdrop.job.JobState;
import io.klingdrop.testing.Answers;
import io.klingdrop.testing.Digests;
import io.klingdrop.testing.FakeKling;
import io.klingdrop.testing.Faults;
import io.klingdrop.testing.KlingEndpoint;
import io.klingdrop.testing.Originals;
import io.klingdrop.testing.Patience;
import io.klingdrop.testing.Relay;
import io.klingdrop.testing.TaskPlan;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Dropped pairs become videos through Kling's protocol, whoever speaks it. */
class KlingJobsTest {
  @TempDir private Path folder;
  private FakeKling kling;
  private Workplace place;
  private Originals originals;

  @BeforeEach
  void open() {
    kling = FakeKling.start();
    place = at("comet");
    originals = new Originals(folder);
  }

  private Workplace at(String account) {
    return new Workplace(folder, account, kling)
        .set("klingdrop.submit.timeout", "600ms")
        .set("klingdrop.poll.grace", "500ms");
  }

  @AfterEach
  void close() throws Exception {
    place.close();
    kling.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"comet", "relay", "kling"})
  void aDroppedPairBecomesAVideo(String account) throws Exception {
    place = at(account);
    var pair = pair(account + "-avatar", "welcome", 1);
    var image = Files.readAllBytes(pair.image());
    var sound = Files.readAllBytes(pair.audio());

    assertThat(place.drain()).isZero();

    var task = kling.accepted().get(0);
    assertThat(kling.accepted()).hasSize(1);
    assertThat(task.media().get("image")).isEqualTo(image);
    assertThat(task.media().get("sound_file")).isEqualTo(sound);
    assertThat(task.externalTaskId()).contains(place.onlyJob().id());
    assertThat(place.tree("outbox"))
        .containsExactly(account + "-avatar/welcome.json", account + "-avatar/welcome.mp4");
    assertThat(Digests.sha256(folder.resolve("outbox/" + account + "-avatar/welcome.mp4")))
        .isEqualTo(Digests.sha256(kling.resultBytes(task.taskId(), 1)));
    assertThat(kling.authorizationSeenOnDownloads()).isZero();
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void emptyOptionalsAreSentToTheRelayAlone() throws Exception {
    pair("comet-avatar", "a", 1);
    place.drain();
    assertThat(kling.accepted().get(0).request().has("callback_url")).isFalse();

    place = at("relay");
    pair("relay-avatar", "b", 2);
    place.drain();
    var request = kling.accepted().get(1).request();
    for (var name : new String[] {"audio_id", "prompt", "callback_url"}) {
      assertThat(request.path(name).asText("absent")).as(name).isEmpty();
    }
    assertThat(request.path("mode").asText()).isEqualTo("std");
  }

  @Test
  void sixtyOneSecondsAreTooMuchForOneAndFineForTheOther() throws Exception {
    place
        .set("klingdrop.provider.relay.base-url", kling.url().toString())
        .set("klingdrop.provider.relay.api-key", kling.key());
    longPair("comet-avatar", 1);
    longPair("relay-avatar", 2);

    assertThat(place.drain()).isEqualTo(1);

    assertThat(kling.createCalls()).isEqualTo(1);
    assertThat(place.tree("outbox")).contains("relay-avatar/long.mp4");
    assertThat(place.note("failed/invalid/comet-avatar/long/error.json").path("failMessage"))
        .asString()
        .contains("61", "60");
  }

  @Test
  void whatTheAvatarDoesNotTakeIsRefusedBeforeAnyCall() throws Exception {
    var inbox = place.inbox("comet-avatar");
    var three = Duration.ofSeconds(3);
    TestMedia.png(inbox.resolve("small.png"), 299, 400, 1);
    TestMedia.wav(inbox.resolve("small.wav"), three, 1);
    TestMedia.png(inbox.resolve("flat.png"), 1000, 399, 2);
    TestMedia.wav(inbox.resolve("flat.wav"), three, 2);
    TestMedia.png(inbox.resolve("short.png"), 400, 400, 3);
    TestMedia.wav(inbox.resolve("short.wav"), Duration.ofMillis(1900), 3);
    pair("comet-avatar", "wordy", 4);
    Files.writeString(inbox.resolve("wordy.txt"), "w".repeat(2501));
    pair("comet-avatar", "odd", 5);
    Files.writeString(inbox.resolve("odd.yaml"), "mode: fast\n");
    pair("comet-avatar", "foreign", 6);
    Files.writeString(inbox.resolve("foreign.yaml"), "aspect_ratio: '16:9'\n");

    assertThat(place.drain()).isEqualTo(6);

    assertThat(kling.createCalls() + kling.queries()).isZero();
    assertThat(place.jobs())
        .extracting(job -> job.failure().failureClass())
        .containsOnly(FailureClass.INVALID);
  }

  @Test
  void anAudioIdInTheSidecarStandsInForTheRecording() throws Exception {
    var inbox = place.inbox("comet-avatar");
    originals.dropped(TestMedia.png(inbox.resolve("host.png"), 400, 400, 1));
    Files.writeString(inbox.resolve("host.yaml"), "audio_id: '825455158141661278'\n");

    assertThat(place.drain()).isZero();

    var request = kling.accepted().get(0).request();
    assertThat(request.path("audio_id").asText()).isEqualTo("825455158141661278");
    assertThat(request.has("sound_file")).isFalse();
    assertThat(place.tree("outbox")).contains("comet-avatar/host.mp4");
  }

  @Test
  void aRecordingAndAnAudioIdAreRefusedTogether() throws Exception {
    pair("comet-avatar", "host", 1);
    Files.writeString(place.inbox("comet-avatar").resolve("host.yaml"), "audio_id: '8254'\n");

    assertThat(place.drain()).isEqualTo(1);

    assertThat(kling.createCalls()).isZero();
    assertThat(place.onlyJob().failure().message()).contains("exclude each other");
  }

  @ParameterizedTest
  @EnumSource(Relay.class)
  void repliesAreReadHoweverARelayWrapsThem(Relay relay) throws Exception {
    kling.relay(relay);
    var account = relay == Relay.COMET ? "comet" : "relay";
    place = at(account);
    pair(account + "-avatar", "welcome", 1);

    assertThat(place.drain()).isZero();

    assertThat(place.tree("outbox")).contains(account + "-avatar/welcome.mp4");
    assertThat(kling.createCalls()).isEqualTo(1);
  }

  @Test
  void aFailedTaskTellsItsReasonThoughTheEnvelopeSaysSucceed() throws Exception {
    kling.plan().next(TaskPlan.fails(null, "Failure to pass the risk control system"));
    kling.plan().next(TaskPlan.fails(null, "Image pixel is invalid"));
    kling.plan().next(TaskPlan.fails(null, "The GPU fell asleep"));
    for (int i = 0; i < 3; i++) {
      pair("comet-avatar", "n" + i, i);
      place.drain();
    }
    assertThat(place.job("n0").failure().failureClass()).isEqualTo(FailureClass.REJECTED);
    assertThat(place.job("n1").failure().failureClass()).isEqualTo(FailureClass.INVALID);
    assertThat(place.job("n2").failure().failureClass()).isEqualTo(FailureClass.GENERATION);
    assertThat(place.job("n2").failure().message()).isEqualTo("The GPU fell asleep");
  }

  @ParameterizedTest
  @ValueSource(strings = {"comet", "relay", "kling"})
  void aTaskWhoseAnswerWasLostIsFoundByItsOwnId(String account) throws Exception {
    place = at(account);
    kling.on(KlingEndpoint.CREATE_AVATAR).next(Faults.acceptThenClose(), Faults.acceptThenHang());
    pair(account + "-avatar", "one", 1);
    pair(account + "-avatar", "two", 2);

    assertThat(place.drain()).isZero();

    assertThat(kling.createCalls()).isEqualTo(2);
    assertThat(kling.accepted()).hasSize(2);
    assertThat(place.tree("outbox"))
        .contains(account + "-avatar/one.mp4", account + "-avatar/two.mp4");
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void aLostTaskThatSurelyDoesNotExistIsSubmittedAgain() throws Exception {
    place = at("kling");
    kling.on(KlingEndpoint.CREATE_AVATAR).next(Faults.closeUnanswered());
    pair("kling-avatar", "one", 1);

    assertThat(place.drain()).isZero();

    assertThat(kling.accepted()).hasSize(1);
    assertThat(kling.accepted().get(0).externalTaskId()).contains(place.onlyJob().id());
    assertThat(place.tree("outbox")).contains("kling-avatar/one.mp4");
  }

  @Test
  void whereNothingProvesTheLookUpALostTaskStaysUnknown() throws Exception {
    place = at("relay").set("klingdrop.submit.give-up", "2s");
    kling.on(KlingEndpoint.CREATE_AVATAR).next(Faults.closeUnanswered());
    pair("relay-avatar", "one", 1);

    assertThat(place.drain()).isEqualTo(1);

    assertThat(kling.createCalls()).isEqualTo(1);
    assertThat(place.onlyJob().state()).isEqualTo(JobState.SUBMIT_UNKNOWN);
    assertThat(place.tree("failed")).contains("submit-unknown/relay-avatar/one/error.json");
    originals.assertEachInExactlyOnePlace();
  }

  @Test
  void aKnownTaskThatIsFoundProvesThatTheMissingOneDoesNotExist() throws Exception {
    place = at("relay");
    pair("relay-avatar", "known", 1);
    place.drain();
    kling.on(KlingEndpoint.CREATE_AVATAR).next(Faults.closeUnanswered());
    pair("relay-avatar", "lost", 2);

    assertThat(place.drain()).isZero();

    assertThat(kling.accepted()).hasSize(2);
    assertThat(place.tree("outbox")).contains("relay-avatar/lost.mp4");
  }

  @Test
  void aRelayThatFindsNoTaskByOurIdIsNotBelieved() throws Exception {
    place = at("relay").set("klingdrop.submit.give-up", "2s");
    pair("relay-avatar", "known", 1);
    place.drain();
    var known = place.job("known").id();
    kling.on(KlingEndpoint.QUERY_AVATAR).when(FakeKling.forId(known)).always(kling.error(1203));
    kling.on(KlingEndpoint.CREATE_AVATAR).next(Faults.closeUnanswered());
    pair("relay-avatar", "lost", 2);

    assertThat(place.drain()).isEqualTo(1);

    assertThat(kling.createCalls()).isEqualTo(2);
    assertThat(place.job("lost").state()).isEqualTo(JobState.SUBMIT_UNKNOWN);
  }

  @Test
  void aComplaintThatOurIdExistsLeadsToTheTask() throws Exception {
    kling
        .on(KlingEndpoint.CREATE_AVATAR)
        .next(kling.error(1201, "external_task_id already exists").afterAccepting());
    pair("comet-avatar", "one", 1);

    assertThat(place.drain()).isZero();

    assertThat(kling.createCalls()).isEqualTo(1);
    assertThat(place.onlyJob().taskId()).isEqualTo(kling.accepted().get(0).taskId());
  }

  @Test
  void aTakenPlaceIsWaitedForAndCountsAsNoTrouble() throws Exception {
    place.set("klingdrop.submit.give-up", "1s").start();
    kling.limitRunning(1);
    kling.holdTasks();
    pair("comet-avatar", "one", 1);
    place.awaitJobs(JobState.RUNNING, 1);
    pair("comet-avatar", "two", 2);
    Patience.await().until(() -> kling.calls(KlingEndpoint.CREATE_AVATAR) >= 5);
    kling.releaseTasks();

    place.awaitJobs(JobState.DELIVERED, 2);
    assertThat(kling.accepted()).hasSize(2);
  }

  @Test
  void aWrongBaseUrlClosesTheLaneWithAHint() throws Exception {
    kling.on(KlingEndpoint.CREATE_AVATAR).next(Answers.movedTo("https://elsewhere.invalid/"));
    place.start();
    pair("comet-avatar", "one", 1);

    place.awaitJobs(JobState.DELIVERED, 1);
    assertThat(kling.accepted()).hasSize(1);
    var id = place.onlyJob().id();
    List<JobEvent> timeline = place.ask(queries -> queries.history().timeline(id));
    assertThat(timeline)
        .anySatisfy(
            event -> assertThat(event.note()).contains("klingdrop.provider.comet.base-url right?"));
  }

  @Test
  void withoutASettingTheLaneIsClosedAndJobsWait() throws Exception {
    place.set("klingdrop.provider.comet.api-key", "").start();
    pair("comet-avatar", "one", 1);

    Patience.await()
        .until(
            () ->
                place.jobs().size() == 1
                    && place.onlyJob().state() == JobState.READY
                    && kling.unauthorised() == 0);
    assertThat(kling.createCalls()).isZero();
  }

  @Test
  void tokensAreMintedFromThePair() throws Exception {
    kling.addAccessKey("access-key-1", "secret-key-of-the-account");
    place =
        at("kling")
            .set("klingdrop.provider.kling.api-key", "")
            .set("klingdrop.provider.kling.access-key", "access-key-1")
            .set("klingdrop.provider.kling.secret-key", "secret-key-of-the-account");
    pair("kling-avatar", "one", 1);

    assertThat(place.drain()).isZero();

    assertThat(kling.accepted("access-key-1")).hasSize(1);
  }

  @Test
  void aPictureAndAPromptBecomeAFilm() throws Exception {
    var inbox = place.inbox("comet-image2video");
    originals.dropped(TestMedia.png(inbox.resolve("city.png"), 400, 400, 1));
    Files.writeString(inbox.resolve("city.txt"), "rain falls");

    assertThat(place.drain()).isZero();

    var task = kling.accepted().get(0);
    assertThat(task.endpoint()).isEqualTo(KlingEndpoint.CREATE_IMAGE);
    assertThat(task.request().path("duration").asText()).isEqualTo("5");
    assertThat(task.request().path("model_name").asText()).isEqualTo("kling-v2-1");
    assertThat(place.tree("outbox")).contains("comet-image2video/city.mp4");
  }

  @Test
  void mediaWithAPublicAddressTravelByAddress() throws Exception {
    place.set("klingdrop.media.url-prefix", "https://media.example.com/klingdrop");
    pair("comet-avatar", "host 1", 1);

    place.drain();

    var request = kling.accepted().get(0).request();
    assertThat(request.path("image").asText())
        .startsWith("https://media.example.com/klingdrop/" + place.onlyJob().id() + "/")
        .endsWith("/host%201.png");
  }

  private TestMedia.Pair pair(String profile, String name, int seed) throws Exception {
    return originals.dropped(TestMedia.pair(place.inbox(profile), name, seed));
  }

  private void longPair(String profile, int seed) throws Exception {
    var inbox = place.inbox(profile);
    TestMedia.png(inbox.resolve("long.png"), 400, 400, seed);
    TestMedia.wav(inbox.resolve("long.wav"), Duration.ofSeconds(61), seed);
  }
}
