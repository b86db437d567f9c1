package io.klingdrop;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.klingdrop.testing.Answers;
import io.klingdrop.testing.AppProcess;
import io.klingdrop.testing.Brokers;
import io.klingdrop.testing.Endpoint;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.Listener;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The single jar with OpenTelemetry in lib/ and a receiver of traces on this machine. */
@EnabledIfSystemProperty(
    named = "klingdrop.brokers",
    matches = "true",
    disabledReason = "runs in mvn verify -Pbrokers")
class TracingIT {
  @TempDir private Path top;
  private final Queue<String> received = new ConcurrentLinkedQueue<>();
  private final Queue<String> passedOn = new ConcurrentLinkedQueue<>();
  private Path jar;
  private Path folder;
  private FakeKie kie;
  private Workplace place;
  private HttpServer receiver;

  @BeforeEach
  void install() throws Exception {
    var lib = Path.of("target/tracing/lib").toAbsolutePath();
    if (!Files.isDirectory(lib)) {
      Brokers.fetchComponents("tracing", lib);
    }
    var app = Files.createDirectories(top.resolve("app"));
    jar = Files.copy(Path.of(System.getProperty("klingdrop.jar")), app.resolve("klingdrop.jar"));
    Files.createSymbolicLink(app.resolve("lib"), lib);
    folder = Files.createDirectories(top.resolve("work"));
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          var body = exchange.getRequestBody().readAllBytes();
          // of protocol buffers only the texts are looked at
          received.add(
              exchange.getRequestURI() + "\n" + new String(body, StandardCharsets.ISO_8859_1));
          exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    receiver.start();
    kie = FakeKie.start();
    for (var endpoint : Endpoint.values()) {
      kie.on(endpoint)
          .when(
              call -> {
                passedOn.add(call.header("traceparent").orElse(""));
                return false;
              })
          .always(Answers.envelope(500, "never"));
    }
    place = new Workplace(folder, kie);
  }

  @AfterEach
  void close() {
    receiver.stop(0);
    kie.close();
  }

  private String run(int expected) throws Exception {
    try (var app =
        AppProcess.start(
            folder, place.environment(), List.of("-jar", jar.toString()), "--exit-when-idle")) {
      assertThat(app.exitCode()).as(app.printed()).isEqualTo(expected);
      return app.printed();
    }
  }

  private void traced() {
    place.set(
        "klingdrop.tracing.endpoint", "http://127.0.0.1:" + receiver.getAddress().getPort() + "/");
  }

  private void drop() throws IOException {
    TestMedia.pair(place.inbox("avatar"), "one", 1);
  }

  @Test
  void aVideoLeavesSpansOfItsRoutesThatNameItsJob() throws Exception {
    traced();
    drop();
    run(0);
    var spans = received.stream().collect(Collectors.joining("\n"));
    assertThat(received).isNotEmpty().allMatch(told -> told.startsWith("/v1/traces\n"));
    assertThat(spans)
        .contains("ledger://check", "ledger://submit", "ledger://poll", "ledger://outbox")
        .contains("klingdrop.job", place.onlyJob().id())
        .doesNotContain(kie.key());
    assertThat(passedOn).hasSizeGreaterThan(3).containsOnly("");
  }

  @Test
  void theTokenInAChannelsAddressIsInNoSpan() throws Exception {
    try (var channel = Listener.start()) {
      place.set("klingdrop.channel.delivered", channel.url("/hush-token?key=hush-key"));
      traced();
      drop();
      run(0);
      assertThat(channel.posts()).isNotEmpty();
    }
    assertThat(received).isNotEmpty();
    assertThat(String.join("\n", received)).doesNotContain("hush-token", "hush-key");
  }

  @Test
  void withoutTheSettingNothingIsSent() throws Exception {
    drop();
    run(0);
    assertThat(received).isEmpty();
  }

  @Test
  void withoutItsJarsTracingIsAskedFor() throws Exception {
    Files.delete(jar.resolveSibling("lib"));
    traced();
    assertThat(run(2)).contains("klingdrop.tracing.endpoint is set", "lib/");
  }
}
