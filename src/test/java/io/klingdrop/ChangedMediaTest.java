package io.klingdrop;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.job.JobState;
import io.klingdrop.testing.Answers;
import io.klingdrop.testing.Endpoint;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.FakeKling;
import io.klingdrop.testing.KlingEndpoint;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Media that change after they were checked are not paid for, however they reach the provider. */
class ChangedMediaTest {
  @TempDir private Path folder;

  /** Changes one byte of the job's picture, in place. */
  private void change() {
    try (var walk = Files.walk(folder.resolve("data/work"))) {
      var picture = walk.filter(file -> file.endsWith("in/host.png")).findFirst().orElseThrow();
      try (var open = FileChannel.open(picture, StandardOpenOption.WRITE)) {
        open.write(ByteBuffer.wrap(new byte[] {7}), open.size() - 1);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void assertRefused(Workplace place) {
    place.awaitJobs(JobState.FAILED, 1);
    assertThat(String.valueOf(place.onlyJob().failure()))
        .contains("INVALID", "host.png changed since it was checked; nothing was sent");
  }

  @Test
  void anUploadThatIsMadeAgainLooksAgain() throws Exception {
    try (var kie = FakeKie.start();
        var place = new Workplace(folder, kie)) {
      kie.on(Endpoint.UPLOAD)
          .next(
              turn -> {
                change();
                Answers.envelope(500, "try again").play(turn);
              });
      TestMedia.pair(place.inbox("avatar"), "host", 1);
      place.start();

      assertRefused(place);
      assertThat(kie.createCalls()).isZero();
      assertThat(kie.uploads()).isEmpty();
    }
  }

  @Test
  void aPublicPlaceInTheWorkFolderIsLookedAtBeforeItIsNamed() throws Exception {
    try (var kie = FakeKie.start();
        var place = new Workplace(folder, kie)) {
      kie.on(Endpoint.CREATE_TASK)
          .always(
              turn -> {
                change();
                Answers.envelope(500, "try again").play(turn);
              });
      place.set("klingdrop.media.url-prefix", "http://127.0.0.1:1/work");
      TestMedia.pair(place.inbox("avatar"), "host", 1);
      place.start();

      assertRefused(place);
      assertThat(kie.createCalls()).isEqualTo(1);
      assertThat(kie.accepted()).isEmpty();
    }
  }

  @Test
  void whatTravelsInsideTheRequestIsLookedAtBeforeEachTry() throws Exception {
    try (var kling = FakeKling.start();
        var place = new Workplace(folder, "relay", kling)) {
      kling
          .on(KlingEndpoint.CREATE_AVATAR)
          .always(
              turn -> {
                change();
                kling.error(5000).play(turn);
              });
      TestMedia.pair(place.inbox("relay-avatar"), "host", 1);
      place.start();

      assertRefused(place);
      assertThat(kling.createCalls()).isEqualTo(1);
    }
  }
}
