package io.klingdrop;

import static io.klingdrop.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.app.Klingdrop;
import io.klingdrop.settings.Settings;
import io.klingdrop.settings.SettingsReader;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.TestMedia;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program of somebody else, with klingdrop and routes of its own in one Camel context. */
class EmbeddedTest {
  @TempDir private Path folder;

  @Test
  void routesOfTheProgramAroundHandOverBundles() throws Exception {
    var bundle = Files.createDirectories(folder.resolve("bundle"));
    TestMedia.pair(bundle, "anna", 1);
    var id = new CompletableFuture<String>();
    var threads = Executors.newSingleThreadExecutor();
    try (var kie = FakeKie.start();
        var klingdrop = new Klingdrop(settings(kie))) {
      klingdrop.add(
          new RouteBuilder() {
            @Override
            public void configure() {
              from("timer:studio?repeatCount=1")
                  .setBody(constant(bundle.toString()))
                  .setHeader("KlingdropProfile", constant("avatar"))
                  .to("direct:klingdrop.submit")
                  .process(exchange -> id.complete(exchange.getMessage().getBody(String.class)));
            }
          });
      var running = threads.submit(() -> klingdrop.run(false));
      await().until(() -> Files.exists(folder.resolve("place/outbox/avatar/anna.mp4")));
      assertThat(klingdrop.queries().job(id.join())).isPresent();
      klingdrop.stop();
      assertThat(running.get()).isZero();
    } finally {
      threads.shutdownNow();
    }
  }

  private Settings settings(FakeKie kie) throws Exception {
    return SettingsReader.load(
        Files.createDirectories(folder.resolve("place")),
        Map.of(),
        Map.of(
            "klingdrop.provider.kie.api-key",
            kie.key(),
            "klingdrop.provider.kie.base-url",
            kie.url().toString(),
            "klingdrop.provider.kie.upload-url",
            kie.url().toString(),
            "klingdrop.result.allow-private-hosts",
            "true",
            "klingdrop.http.port",
            "0",
            "klingdrop.inbox.settle",
            "0ms"));
  }
}
