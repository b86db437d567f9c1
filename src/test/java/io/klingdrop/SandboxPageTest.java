package io.klingdrop;

import static io.klingdrop.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.testing.AppProcess;
import io.klingdrop.testing.Http;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A newcomer looks at the page before there is any key. */
class SandboxPageTest {
  private static final Pattern PAGE = Pattern.compile("http://localhost:(\\d+)/ops/");

  @TempDir private Path folder;

  @Test
  void theServingSandboxOpensThePageOnThisMachineWhateverTheUsualPortDoes() throws Exception {
    try (var taken = taken();
        var sandbox =
            AppProcess.start(
                folder, Map.of("KLINGDROP_HTTP_HOST", "0.0.0.0"), "sandbox", "--serve")) {
      sandbox.awaitReady();
      var page = PAGE.matcher(sandbox.printed());
      assertThat(page.find()).as(sandbox.printed()).isTrue();
      if (taken instanceof ServerSocket) {
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

  /** The usual port, taken by us; if somebody else has it, it may be free again at any moment. */
  private static AutoCloseable taken() throws Exception {
    try {
      return new ServerSocket(8080, 1, InetAddress.getLoopbackAddress());
    } catch (java.net.BindException e) {
      return () -> {};
    }
  }
}
