package io.klingdrop.wire;

import static io.klingdrop.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.provider.AnswerRoutes;
import io.klingdrop.provider.CreateAnswer;
import io.klingdrop.provider.ErrorTable;
import io.klingdrop.provider.Meaning;
import io.klingdrop.provider.Provider;
import io.klingdrop.provider.Refusal;
import io.klingdrop.provider.TaskRequest;
import io.klingdrop.provider.kie.KieCalls;
import io.klingdrop.provider.kie.KieProvider;
import io.klingdrop.provider.kling.KlingCalls;
import io.klingdrop.provider.kling.KlingProvider;
import io.klingdrop.settings.ProviderSettings;
import io.klingdrop.settings.ProxySettings;
import io.klingdrop.settings.Settings;
import io.klingdrop.settings.SettingsReader;
import io.klingdrop.testing.RawServer;
import io.klingdrop.testing.SettableTime;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** createTask on real sockets: what never left may be sent later, what may have left may not. */
class DepartureTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ACCEPTED = "{\"code\":200,\"data\":{\"taskId\":\"t1\"}}";

  @TempDir private Path folder;
  private final DefaultCamelContext camel = new DefaultCamelContext();

  @AfterEach
  void close() {
    camel.stop();
  }

  private static String json(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  private static Settings settings(Path folder, String account, String baseUrl) {
    var set = new HashMap<String, String>();
    var prefix = "klingdrop.provider." + account + ".";
    set.put(prefix + "base-url", baseUrl);
    set.put(prefix + "api-key", "a-key-of-this-test");
    if (account.equals("kie")) {
      set.put(prefix + "upload-url", baseUrl);
    }
    return SettingsReader.load(folder, Map.of(), set);
  }

  private static Provider kie(DefaultCamelContext camel, Path folder, String baseUrl) {
    return kie(camel, folder, baseUrl, new HttpClients(ProxySettings.NONE)::forCreate);
  }

  private static Provider kie(
      DefaultCamelContext camel,
      Path folder,
      String baseUrl,
      Function<ProviderSettings, CloseableHttpClient> create) {
    try {
      var account = settings(folder, "kie", baseUrl).kie();
      camel.getRegistry().bind(KieCalls.CREATE_CLIENT, create.apply(account));
      camel
          .getRegistry()
          .bind(KieCalls.ASKING_CLIENT, new HttpClients(ProxySettings.NONE).forAsking(account));
      camel
          .getRegistry()
          .bind(KieCalls.UPLOAD_CLIENT, new HttpClients(ProxySettings.NONE).forUploads(account));
      camel.addRoutes(new AnswerRoutes());
      camel.addRoutes(new KieCalls(account, JSON));
      camel.start();
      return new KieProvider(
          camel::createProducerTemplate,
          account,
          ErrorTable.load(folder, "kie"),
          SettableTime.running());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static TaskRequest request() {
    return new TaskRequest(
        "kling/v1-avatar-standard",
        "job-1",
        JSON.createObjectNode().put("prompt", "p"),
        Map.of(),
        Optional.empty());
  }

  private CreateAnswer create(String baseUrl) {
    return kie(camel, folder, baseUrl).createTask(request());
  }

  private static void neverSent(CreateAnswer answer) {
    assertThat(answer).isInstanceOf(CreateAnswer.Refused.class);
    var refusal = ((CreateAnswer.Refused) answer).refusal();
    assertThat(refusal.meaning()).isEqualTo(Meaning.BUSY);
    assertThat(refusal.message()).contains("cannot be reached");
  }

  private static void perhapsSent(CreateAnswer answer) {
    assertThat(answer).isInstanceOf(CreateAnswer.Lost.class);
  }

  @Test
  void aRefusedConnectionSentNothing() throws Exception {
    var server = new RawServer(line -> {});
    server.close();
    neverSent(create(server.url()));
  }

  @Test
  void anUnknownHostWasSentNothing() {
    neverSent(create("http://nobody.invalid"));
  }

  @Test
  void aFailedHandshakeSentNothing() throws Exception {
    try (var server = new RawServer(line -> line.say("HTTP/1.1 400 Bad Request\r\n\r\n"))) {
      neverSent(create("https://127.0.0.1:" + server.port()));
      assertThat(server.heads()).isEmpty();
    }
  }

  @Test
  void aHandshakeThatIsResetSentNothing() throws Exception {
    try (var server = new RawServer(RawServer.Line::reset)) {
      neverSent(create("https://127.0.0.1:" + server.port()));
    }
  }

  @Test
  void aRequestThatWasReadAndNotAnsweredMayHaveCreatedATask() throws Exception {
    try (var server = new RawServer(line -> line.request())) {
      perhapsSent(create(server.url()));
      assertThat(server.heads()).hasSize(1);
    }
  }

  @Test
  void aConnectionThatIsResetOnceTheRequestIsOnItsWayMayHaveCreatedATask() throws Exception {
    try (var server =
        new RawServer(
            line -> {
              line.request();
              line.reset();
            })) {
      perhapsSent(create(server.url()));
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void anAskForAPasswordIsNotFollowedByASecondRequest() throws Exception {
    try (var server =
        new RawServer(
            line -> {
              line.request();
              line.say(
                  "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=\"x\"\r\n"
                      + "Content-Length: 0\r\n\r\n");
              line.request();
            })) {
      create(server.url());
      assertThat(server.heads()).hasSize(1);
    }
  }

  /** Were createTask's connections kept, as those of the free calls are, it would be safe, too. */
  @Test
  void aKeptConnectionThatDiesUnderARequestMayHaveCarriedItAndItIsNotRepeated() throws Exception {
    try (var server =
        new RawServer(
            line -> {
              line.request();
              line.say(json(ACCEPTED));
              if (line.socket().getInputStream().read() >= 0) {
                line.reset();
              }
            })) {
      var kie = kie(camel, folder, server.url(), new HttpClients(ProxySettings.NONE)::forAsking);
      assertThat(kie.createTask(request())).isInstanceOf(CreateAnswer.Accepted.class);

      perhapsSent(kie.createTask(request()));

      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void eachCreateTaskHasAConnectionOfItsOwn() throws Exception {
    try (var server =
        new RawServer(
            line -> {
              line.request();
              line.say(json(ACCEPTED));
              line.request();
            })) {
      var kie = kie(camel, folder, server.url());
      kie.createTask(request());
      assertThat(kie.createTask(request())).isInstanceOf(CreateAnswer.Accepted.class);
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @Test
  void mediaThatCannotBeReadAreNoticedBeforeAnythingIsSent() throws Exception {
    try (var server = new RawServer(line -> line.request())) {
      var account = settings(folder, "comet", server.url()).provider("comet");
      camel
          .getRegistry()
          .bind(
              KlingCalls.createClient("comet"),
              new HttpClients(ProxySettings.NONE).forCreate(account));
      camel
          .getRegistry()
          .bind(
              KlingCalls.askingClient("comet"),
              new HttpClients(ProxySettings.NONE).forAsking(account));
      camel.addRoutes(new AnswerRoutes());
      camel.addRoutes(new KlingCalls(account));
      camel.start();
      var kling =
          new KlingProvider(
              camel::createProducerTemplate,
              account,
              model -> Map.of(),
              ErrorTable.load(folder, "kling"),
              JSON,
              SettableTime.running());

      var answer =
          kling.createTask(
              new TaskRequest(
                  "m",
                  "job-1",
                  JSON.createObjectNode(),
                  Map.of("image", folder.resolve("gone")),
                  Optional.empty()));

      assertThat(answer).isInstanceOf(CreateAnswer.Refused.class);
      assertThat(server.connections()).isZero();
    }
  }

  /** In a process of its own, which has used up its file descriptors. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void withoutAFreeFileDescriptorNothingIsSent() throws Exception {
    try (var server =
        new RawServer(
            line -> {
              line.request();
              line.say(json(ACCEPTED));
            })) {
      var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
      var arguments = folder.resolve("arguments");
      Files.writeString(arguments, "-cp\n\"" + System.getProperty("java.class.path") + "\"\n");
      var process =
          new ProcessBuilder(
                  "sh",
                  "-c",
                  "ulimit -n 400; exec \"$@\"",
                  "sh",
                  java,
                  "-XX:TieredStopAtLevel=1",
                  "@" + arguments,
                  NoDescriptors.class.getName(),
                  folder.toString(),
                  server.url())
              .redirectErrorStream(true)
              .start();
      var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(said).contains("first: Accepted").contains("second: Refused");
      await().until(() -> server.heads().size() == 1);
    }
  }

  /** Creates a task, uses up all descriptors and tries again. */
  static final class NoDescriptors {
    private NoDescriptors() {}

    public static void main(String[] args) throws Exception {
      try (var camel = new DefaultCamelContext()) {
        var kie = kie(camel, Path.of(args[0]), args[1]);
        System.out.println("first: " + kie.createTask(request()));
        // what an answer needs is loaded while there are descriptors for it
        System.out.println("warm: " + new CreateAnswer.Refused(Refusal.of(Meaning.BUSY, "")));
        System.out.println("warm: " + new NotSentException(new SocketException("")));
        var held = new ArrayList<InputStream>();
        try {
          while (true) {
            held.add(new FileInputStream("/dev/null"));
          }
        } catch (IOException e) {
          System.out.println("full: " + e.getMessage());
        }
        var answer = kie.createTask(request());
        for (var one : held) {
          one.close();
        }
        System.out.println("second: " + answer);
      }
      System.exit(0);
    }
  }
}
