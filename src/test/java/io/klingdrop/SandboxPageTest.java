package io.klingdrop;

import static io.klingdrop.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.klingdrop.testing.AppProcess;
import io.klingdrop.testing.Http;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.UsualPort;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A newcomer looks at the page before there is any key. */
class SandboxPageTest {
  private static final Pattern PAGE = Pattern.compile("page http://localhost:(\\d+)/ops/");

  @TempDir private Path folder;

  @Test
  void theServingSandboxOpensThePageOnThisMachineWhateverTheUsualPortDoes() throws Exception {
    try (var port = UsualPort.await()) {
      var ours = port.take();
      try (var sandbox =
          AppProcess.start(
              folder, Map.of("KLINGDROP_HTTP_HOST", "0.0.0.0"), "sandbox", "--serve")) {
        sandbox.awaitReady();
        var page = PAGE.matcher(sandbox.printed());
        assertThat(page.find()).as(sandbox.printed()).isTrue();
        if (ours) {
          assertThat(page.group(1)).isNotEqualTo("8080");
        }
        var http = new Http(Integer.parseInt(page.group(1)));
        assertThat(http.get("/ops/").statusCode()).isEqualTo(200);
        await()
            .until(
                () ->
                    Http.json(http.get("/ops/api/counts")).at("/states/DELIVERED").asInt() == 3
                        || !sandbox.alive());
        assertThat(sandbox.alive()).as(sandbox.printed()).isTrue();
      }
    }
  }

  @Test
  void theServingSandboxThatIsStartedAgainGoesOnWithoutNewSamples() throws Exception {
    try (var port = UsualPort.await()) {
      port.take();
      startTwice();
    }
  }

  private void startTwice() throws Exception {
    try (var first = AppProcess.start(folder, Map.of(), "sandbox", "--serve").awaitReady()) {
      var http = http(first);
      await().until(() -> states(http).path("DELIVERED").asInt() == 3);
      await().until(() -> states(http).path("FAILED").asInt() == 1);
    }
    assertThat(Files.getPosixFilePermissions(folder.resolve("sandbox/data")))
        .containsExactlyInAnyOrderElementsOf(PosixFilePermissions.fromString("rwx------"));

    try (var second = AppProcess.start(folder, Map.of(), "sandbox", "--serve").awaitReady()) {
      assertThat(second.printed()).contains("tried here before").doesNotContain("may no longer");
      TestMedia.pair(folder.resolve("sandbox/inbox/avatar"), "mine", 1);
      var http = http(second);
      await().until(() -> states(http).path("DELIVERED").asInt() == 4);
      assertThat(states(http).path("FAILED").asInt()).isEqualTo(1);
      assertThat(states(http).has("DUPLICATE")).isFalse();
    }
  }

  private static Http http(AppProcess sandbox) {
    var page = PAGE.matcher(sandbox.printed());
    assertThat(page.find()).as(sandbox.printed()).isTrue();
    return new Http(Integer.parseInt(page.group(1)));
  }

  private static JsonNode states(Http http) {
    return Http.json(http.get("/ops/api/counts")).path("states");
  }
}
