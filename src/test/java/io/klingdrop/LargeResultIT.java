package io.klingdrop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.klingdrop.files.AtomicFiles;
import io.klingdrop.files.Hashes;
import io.klingdrop.testing.AppProcess;
import io.klingdrop.testing.BigFilm;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.TaskPlan;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A result of three gigabytes through a program with 64 MB of heap: cut off in the middle, gone on
 * with, and delivered byte for byte. Runs with {@code -Plong} only.
 */
class LargeResultIT {
  @Test
  void aResultOfGigabytesIsFetchedInTwoPartsWithLittleMemory() throws Exception {
    var bytes = 1_000_000L * Integer.getInteger("klingdrop.large.megabytes", 0);
    assumeThat(bytes)
        .as("megabytes to download; -Plong sets klingdrop.large.megabytes")
        .isPositive();
    var target = Files.createDirectories(Path.of("target"));
    assumeThat(Files.getFileStore(target).getUsableSpace())
        .as("bytes free in target; work folder and outbox hold the result for a moment each")
        .isGreaterThan(2 * bytes + 500_000_000L);
    var top = Files.createTempDirectory(target, "large");
    try (var kie = FakeKie.start();
        var film = new BigFilm(bytes)) {
      var folder = Files.createDirectory(top.resolve("work"));
      var place = new Workplace(folder, kie).set("klingdrop.result.max-size", "4GB");
      kie.plan().always(TaskPlan.succeeds().links(film.url().toString()));
      TestMedia.pair(place.inbox("avatar"), "large", 1);

      try (var app = AppProcess.start(folder, place.environment(), options(), "--exit-when-idle")) {
        assertThat(app.exitCode(Duration.ofMinutes(30))).as(app.printed()).isZero();
      }

      assertThat(film.starts()).hasSize(2);
      assertThat(film.starts().get(0)).isZero();
      assertThat(film.starts().get(1)).isPositive();
      var delivered = folder.resolve("outbox/avatar/large.mp4");
      assertThat(Files.size(delivered)).isEqualTo(bytes);
      assertThat(Hashes.sha256(delivered)).isEqualTo(film.sha256());
      assertThat(kie.createCalls()).isEqualTo(1);
    } finally {
      AtomicFiles.deleteTree(top);
    }
  }

  private static List<String> options() {
    var jar = System.getProperty("klingdrop.jar", "");
    return jar.isEmpty() ? List.of("-Xmx64m") : List.of("-Xmx64m", "-jar", jar);
  }
}
