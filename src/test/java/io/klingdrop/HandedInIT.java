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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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

  @TempDir private Path folder;

  static List<String> deaths() {
    return List.of(
        "intake.handed-in",
        "intake.reserved",
        "intake.revealed",
        "intake.revealed:2",
        "intake.reveal-committed",
        "intake.manifest-written",
        "intake.moved",
        "intake.before-entry",
        "intake.reserved start.reveal-finished",
        "intake.revealed start.reveal-finished");
  }

  @ParameterizedTest
  @MethodSource("deaths")
  void theSameCallAgainIsOneJobWithTheIdThatIsAnswered(String deaths) throws Exception {
    try (var kie = FakeKie.start()) {
      var place = new Workplace(folder, kie);
      var http = place.http();
      var points = List.of(deaths.split(" "));
      var bundle = body();
      var told = "";
      for (var point : points) {
        try (var app = start(place, "-Dklingdrop.crash=" + point)) {
          if (point.equals(points.get(0))) {
            app.awaitReady();
            told = tried(http, bundle);
          }
          assertThat(app.exitCode(LONG)).as(app.printed()).isEqualTo(137);
        }
      }
      try (var app = start(place).awaitReady()) {
        var id = tried(http, bundle);
        assertThat(id).as(app.printed()).isNotEmpty();
        if (!told.isEmpty()) {
          assertThat(id).isEqualTo(told);
        }
        place.awaitJobs(JobState.DELIVERED, 1);
        await().atMost(LONG).until(() -> place.jobs().stream().allMatch(Job::filed));
        assertThat(place.onlyJob().id()).isEqualTo(id);
        assertThat(place.tree("inbox")).isEmpty();
      }
      assertThat(kie.createCalls()).isEqualTo(1);
    }
  }

  private AppProcess start(Workplace place, String... options) throws IOException {
    var java = new java.util.ArrayList<>(List.of("-cp", System.getProperty("java.class.path")));
    java.addAll(List.of(options));
    return AppProcess.start(folder, place.environment(), java);
  }

  private byte[] body() throws IOException {
    var pair = TestMedia.pair(Files.createDirectories(folder.resolve("made")), "anna", 1);
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

  /** The id that is answered; empty if the program dies before it can. */
  private static String tried(Http http, byte[] bundle) {
    try {
      var answer =
          http.send(
              http.to("/ops/api/bundles")
                  .header("Content-Type", "multipart/form-data; boundary=edge")
                  .header("X-Klingdrop", "1")
                  .header("Idempotency-Key", "order-17")
                  .POST(BodyPublishers.ofByteArray(bundle))
                  .build());
      assertThat(answer.statusCode()).as(answer.body()).isIn(201, 202);
      return Http.json(answer).path("job").asText();
    } catch (UncheckedIOException e) {
      return "";
    }
  }
}
