package io.klingdrop.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.job.ClosedLane;
import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.LaneRows;
import io.klingdrop.settings.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LanesTest {
  private static final Duration MIN = Duration.ofSeconds(10);
  private static final Duration MAX = Duration.ofSeconds(60);

  @TempDir private Path folder;
  private Instant now = Instant.parse("2026-11-21T10:00:00Z");
  private Database database;
  private LaneRows rows;
  private Lanes lanes;

  @BeforeEach
  void open() {
    database = Database.open("jdbc:sqlite:" + folder.resolve("ledger.db"), "", "");
    rows = new LaneRows(database);
    lanes = restarted();
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Lanes restarted() {
    return new Lanes(rows, new Settings.Lane(MIN, MAX), () -> now);
  }

  private static Refusal refusal(Meaning meaning) {
    return new Refusal(meaning, "402", "Credits insufficient", 200, null);
  }

  private ClosedLane closed(String provider) {
    return lanes.account(provider).orElseThrow();
  }

  @Test
  void allLanesAreOpenAtFirst() {
    assertThat(lanes.all()).isEmpty();
    assertThat(lanes.account("kie")).isEmpty();
    assertThat(lanes.models("kie")).isEmpty();
    assertThat(lanes.mayPoll("kie")).isTrue();
  }

  @Test
  void aClosedAccountTellsCauseWordsAndTimeAndNoOtherIsTouched() {
    var probeAt = lanes.close("kie", "", refusal(Meaning.CREDIT));

    var lane = closed("kie");
    assertThat(lane.cause()).isEqualTo("credit");
    assertThat(lane.message()).isEqualTo("402 Credits insufficient");
    assertThat(lane.closedAt()).isEqualTo(now);
    assertThat(lane.probeAt()).isEqualTo(probeAt);
    assertThat(lane.sentence()).contains("kie", "top up", "No job is lost");
    assertThat(lanes.account("comet")).isEmpty();
    assertThat(lanes.models("kie")).isEmpty();
  }

  @Test
  void aClosedModelIsNotAClosedAccount() {
    lanes.close("kie", "kling/v2-1", refusal(Meaning.DISABLED));

    assertThat(lanes.account("kie")).isEmpty();
    assertThat(lanes.models("kie")).extracting(ClosedLane::model).containsExactly("kling/v2-1");
    assertThat(lanes.models("comet")).isEmpty();
    lanes.open("kie", "");
    assertThat(lanes.models("kie")).hasSize(1);
    lanes.open("kie", "kling/v2-1");
    assertThat(lanes.all()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Meaning.class)
  void onlyARefusedKeyStopsTheLooksAtRunningTasks(Meaning meaning) {
    lanes.close("kie", "", refusal(meaning));

    assertThat(lanes.mayPoll("kie")).isEqualTo(meaning != Meaning.KEY);
    assertThat(lanes.mayPoll("comet")).isTrue();
  }

  @Test
  void whoIsClosedAlreadyStaysClosedSinceThenButForTheLatestCause() {
    lanes.close("kie", "", refusal(Meaning.CREDIT));
    var since = now;
    now = now.plusSeconds(30);

    var probeAt = lanes.close("kie", "", refusal(Meaning.MAINTENANCE));

    assertThat(closed("kie").closedAt()).isEqualTo(since);
    assertThat(closed("kie").cause()).isEqualTo("maintenance");
    assertThat(probeAt).isAfter(now);
    assertThat(lanes.all()).hasSize(1);
  }

  @Test
  void theFirstLookComesAfterTheLeastPauseAndALittleChance() {
    for (int i = 0; i < 20; i++) {
      pauseIsNear(MIN, lanes.close("kie", "model" + i, refusal(Meaning.DISABLED)));
    }
  }

  @Test
  void eachLookInVainDoublesThePauseUpToTheLongest() {
    pauseIsNear(MIN, lanes.close("kie", "", refusal(Meaning.CREDIT)));
    for (var pause : new int[] {20, 40, 60, 60, 60}) {
      now = closed("kie").probeAt();
      assertThat(lanes.probeNow(closed("kie"))).isTrue();
      pauseIsNear(Duration.ofSeconds(pause), lanes.close("kie", "", refusal(Meaning.CREDIT)));
    }
    for (int i = 0; i < 50; i++) {
      now = closed("kie").probeAt();
      assertThat(lanes.probeNow(closed("kie"))).isTrue();
    }
    pauseIsNear(MAX, lanes.close("kie", "", refusal(Meaning.CREDIT)));
  }

  @Test
  void anOpenedLaneThatClosesAgainBeginsAnew() {
    lanes.close("kie", "", refusal(Meaning.CREDIT));
    now = closed("kie").probeAt();
    lanes.probeNow(closed("kie"));
    lanes.close("kie", "", refusal(Meaning.CREDIT));
    lanes.open("kie", "");
    now = now.plusSeconds(1);

    pauseIsNear(MIN, lanes.close("kie", "", refusal(Meaning.CREDIT)));

    assertThat(closed("kie").closedAt()).isEqualTo(now);
    assertThat(closed("kie").probes()).isZero();
  }

  @Test
  void aPauseTheProviderAsksForIsKeptWhenItIsTheLongerOne() {
    var asked = new Refusal(Meaning.RATE, "429", "slow down", 429, Duration.ofMinutes(10));
    var hurried = new Refusal(Meaning.RATE, "429", "slow down", 429, Duration.ofMillis(1));

    assertThat(lanes.close("kie", "", asked)).isEqualTo(now.plus(Duration.ofMinutes(10)));
    pauseIsNear(MIN, lanes.close("comet", "", hurried));
  }

  @Test
  void aLookIsDueOnceAndNotBeforeItsTime() {
    lanes.close("kie", "", refusal(Meaning.CREDIT));
    var lane = closed("kie");
    now = lane.probeAt().minusMillis(1);
    assertThat(lanes.probeNow(lane)).isFalse();

    now = lane.probeAt();
    assertThat(lanes.probeNow(lane)).isTrue();
    assertThat(lanes.probeNow(lane)).isFalse();

    assertThat(closed("kie").probes()).isEqualTo(1);
    assertThat(closed("kie").probeAt()).isEqualTo(now.plus(MAX));
  }

  @Test
  void ofManyAskersOneMakesTheLook() throws Exception {
    lanes.close("kie", "", refusal(Meaning.CREDIT));
    var lane = closed("kie");
    now = lane.probeAt();
    var askers = new ArrayList<Callable<Boolean>>();
    for (int i = 0; i < 32; i++) {
      askers.add(() -> lanes.probeNow(lane));
    }
    var pool = Executors.newFixedThreadPool(8);
    try {
      var looks = 0;
      for (var asked : pool.invokeAll(askers)) {
        looks += asked.get() ? 1 : 0;
      }
      assertThat(looks).isEqualTo(1);
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void aLaneThatOpenedMeanwhileIsNotLookedAt() {
    lanes.close("kie", "", refusal(Meaning.CREDIT));
    var lane = closed("kie");
    lanes.open("kie", "");
    now = lane.probeAt();

    assertThat(lanes.probeNow(lane)).isFalse();
    assertThat(lanes.account("kie")).isEmpty();
  }

  @Test
  void closedLanesOutliveARestartAndOpenedOnesDoNotComeBack() {
    lanes.close("kie", "", refusal(Meaning.CREDIT));
    lanes.close("kie", "kling/v2-1", refusal(Meaning.DISABLED));
    lanes.close("comet", "", refusal(Meaning.KEY));
    lanes.open("comet", "");
    lanes.open("comet", "");

    var after = restarted();

    assertThat(after.all()).containsExactlyInAnyOrderElementsOf(lanes.all());
    assertThat(after.account("kie")).isEqualTo(lanes.account("kie"));
    assertThat(after.account("comet")).isEmpty();
  }

  @Test
  void whatTheProviderSaidIsOneShortLine() {
    lanes.close(
        "kie", "", new Refusal(Meaning.RATE, null, "a\nb\u001b[31m" + "x".repeat(900), 429, null));

    assertThat(closed("kie").message()).startsWith("a b [31m").hasSize(300);
  }

  private void pauseIsNear(Duration pause, Instant probeAt) {
    assertThat(Duration.between(now, probeAt).toMillis())
        .isBetween(pause.toMillis() * 9 / 10, pause.toMillis() * 11 / 10);
  }
}
