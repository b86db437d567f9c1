package io.klingdrop;

import static io.klingdrop.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.testing.AppProcess;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.Http;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 while a bundle is handed in over the port; its sender then sends it once more. */
class HandedInIT {
  private static final Duration LONG = Duration.ofSeconds(120);

  /** Where the program dies in these tests. */
  static final List<String> POINTS =
      List.of(
          "intake.handed-in",
          "intake.reserved",
          "intake.revealed",
          "intake.reveal-committed",
          "start.reveal-finished");

  /**
   * The deaths, one after the other in one folder: each start but those that die themselves mends
   * what the death before has left, then a new bundle comes and dies. A number leaves out how often
   * the point is passed before that.
   */
  private static final List<String> DEATHS =
      List.of(
          "intake.before-entry",
          "intake.moved",
          "intake.manifest-written",
          "intake.reveal-committed",
          "intake.revealed:2",
          "intake.revealed:3",
          "start.reveal-finished",
          "intake.reserved",
          "intake.handed-in:2",
          "intake.reserved:2",
          "start.reveal-finished",
          "intake.revealed");

  @TempDir private Path folder;
  private final FakeKie kie = FakeKie.start();
  private Workplace place;
  private Http http;
  private int bundles;
  private String told = "";

  @BeforeEach
  void open() {
    place = new Workplace(folder, kie);
    http = place.http();
  }

  @AfterEach
  void close() {
    kie.close();
  }

  @Test
  void theSameCallAgainIsOneJobWithTheIdThatIsAnswered() throws Exception {
    for (var death : DEATHS) {
      try (var app = start("-Dklingdrop.crash=" + death)) {
        if (!death.startsWith("start.")) {
          app.awaitReady();
          if (bundles > 0) {
            sentAgain(app);
          }
          bundles++;
          told = tried();
        }
        assertThat(app.exitCode(LONG)).as("%s%n%s", death, app.printed()).isEqualTo(137);
      }
    }
    try (var app = start().awaitReady()) {
      sentAgain(app);
    }
    assertThat(bundles).isEqualTo(DEATHS.size() - 2);
  }

  private void sentAgain(AppProcess app) throws IOException {
    var id = tried();
    assertThat(id).as(app.printed()).isNotEmpty();
    if (!told.isEmpty()) {
      assertThat(id).isEqualTo(told);
    }
    place.awaitJobs(JobState.DELIVERED, bundles);
    await().atMost(LONG).until(() -> place.jobs().stream().allMatch(Job::filed));
    assertThat(place.jobs()).hasSize(bundles).extracting(Job::id).contains(id);
    assertThat(place.tree("inbox")).isEmpty();
    assertThat(kie.createCalls()).isEqualTo(bundles);
  }

  private AppProcess start(String... options) throws IOException {
    return AppProcess.start(folder, place.environment(), List.of(options));
  }

  private byte[] body() throws IOException {
    var made = Files.createDirectories(folder.resolve("made"));
    var pair = TestMedia.pair(made, "anna" + bundles, bundles);
    var out = new ByteArrayOutputStream();
    for (var file : List.of(pair.image(), pair.audio())) {
      var name = file.getFileName().toString();
      out.write(
          ("--edge\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\n\r\n")
              .formatted(name.endsWith(".png") ? "image" : "audio", name)
              .getBytes(StandardCharsets.UTF_8));
      out.write(Files.readAllBytes(file));
      out.write("\r\n".getBytes(StandardCharsets.UTF_8));
    }
    out.write("--edge--\r\n".getBytes(StandardCharsets.UTF_8));
    return out.toByteArray();
  }

  /** Hands the newest bundle in; the id that is answered, empty if the program dies before. */
  private String tried() throws IOException {
    try {
      var answer =
          http.send(
              http.to("/ops/api/bundles")
                  .header("Content-Type", "multipart/form-data; boundary=edge")
                  .header("X-Klingdrop", "1")
                  .header("Idempotency-Key", "order-" + bundles)
                  .POST(BodyPublishers.ofByteArray(body()))
                  .build());
      assertThat(answer.statusCode()).as(answer.body()).isIn(201, 202);
      return Http.json(answer).path("job").asText();
    } catch (UncheckedIOException e) {
      return "";
    }
  }
}
