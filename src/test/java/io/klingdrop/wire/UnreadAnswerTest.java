package io.klingdrop.wire;

import static io.klingdrop.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.provider.AnswerRoutes;
import io.klingdrop.provider.CreateAnswer;
import io.klingdrop.provider.ErrorTable;
import io.klingdrop.provider.Provider;
import io.klingdrop.provider.ProviderException;
import io.klingdrop.provider.TaskReport;
import io.klingdrop.provider.TaskRequest;
import io.klingdrop.provider.kie.KieCalls;
import io.klingdrop.provider.kie.KieProvider;
import io.klingdrop.settings.ProxySettings;
import io.klingdrop.settings.SettingsReader;
import io.klingdrop.testing.RawServer;
import io.klingdrop.testing.SettableTime;
import io.klingdrop.testing.TestMedia;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers without an end: they are cut, and what they go on to say is not listened to. */
class UnreadAnswerTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** 1 MiB, and what the sockets of both sides hold. */
  private static final long MOST = 24L << 20;

  private static final String CHUNK = "ffff\r\n" + "x".repeat(0xffff) + "\r\n";

  @TempDir private Path folder;
  private final DefaultCamelContext camel = new DefaultCamelContext();
  private final AtomicBoolean gone = new AtomicBoolean();

  @AfterEach
  void close() {
    camel.stop();
  }

  /** Says the beginning once and the rest until nobody listens, or far too much was taken. */
  private RawServer endless(String begin, String rest) throws Exception {
    return new RawServer(
        line -> {
          line.request();
          line.say(begin);
          try {
            for (long said = 0; said <= MOST; said += rest.length()) {
              line.say(rest);
            }
          } finally {
            gone.set(true);
          }
        });
  }

  private Provider kie(RawServer server) throws Exception {
    var set = new HashMap<String, String>();
    set.put("klingdrop.provider.kie.base-url", server.url());
    set.put("klingdrop.provider.kie.upload-url", server.url());
    set.put("klingdrop.provider.kie.api-key", "a-key-of-this-test");
    // far beyond what a test may take
    set.put("klingdrop.poll.timeout", "10m");
    set.put("klingdrop.submit.timeout", "10m");
    set.put("klingdrop.upload.timeout", "10m");
    var account = SettingsReader.load(folder, Map.of(), set).kie();
    camel
        .getRegistry()
        .bind(KieCalls.CREATE_CLIENT, new HttpClients(ProxySettings.NONE).forCreate(account));
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
  }

  private void cut(RawServer server) {
    await().untilTrue(gone);
    assertThat(server.written()).isLessThan(MOST);
  }

  @Test
  void aBodyWithoutEndIsCut() throws Exception {
    try (var server = endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", CHUNK)) {
      var kie = kie(server);
      assertThatThrownBy(kie::credit).isInstanceOf(ProviderException.class);
      cut(server);
    }
  }

  @Test
  void aBodyOfTwoGigabytesIsCut() throws Exception {
    try (var server = endless("HTTP/1.1 200 OK\r\nContent-Length: 2400000000\r\n\r\n", CHUNK)) {
      assertThat(kie(server).recordInfo("m", "t")).isInstanceOf(TaskReport.NoWord.class);
      cut(server);
    }
  }

  @Test
  void anErrorPageWithoutEndIsCut() throws Exception {
    try (var server = endless("HTTP/1.1 500 No\r\nContent-Type: text/html\r\n\r\n", CHUNK)) {
      var create =
          kie(server)
              .createTask(
                  new TaskRequest(
                      "m", "job-1", JSON.createObjectNode(), Map.of(), Optional.empty()));
      assertThat(create).isInstanceOf(CreateAnswer.Lost.class);
      cut(server);
    }
  }

  @Test
  void anUploadsAnswerWithoutEndIsCut() throws Exception {
    var media = Files.write(folder.resolve("a.png"), new byte[100]);
    try (var server = endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", CHUNK)) {
      var kie = kie(server);
      assertThatThrownBy(() -> kie.upload(TestMedia.media(media, "image/png", ".png")))
          .isInstanceOf(ProviderException.class);
      cut(server);
    }
  }

  @Test
  void aHeadWithoutEndIsCut() throws Exception {
    try (var server = endless("HTTP/1.1 200 OK\r\n", "X-More: " + "x".repeat(9000) + "\r\n")) {
      assertThat(kie(server).recordInfo("m", "t")).isInstanceOf(TaskReport.NoWord.class);
      cut(server);
    }
  }

  @Test
  void headsThatOnlyAnnounceAnotherOneWithoutEndAreCut() throws Exception {
    try (var server = endless("", "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")) {
      assertThat(kie(server).recordInfo("m", "t")).isInstanceOf(TaskReport.NoWord.class);
      cut(server);
    }
  }

  @Test
  void anAnswerThatEndsLeavesItsConnectionForTheNextCall() throws Exception {
    try (var server =
        new RawServer(
            line -> {
              while (!line.request().isEmpty()) {
                line.say(
                    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n15\r\n{\"code\":200,\"data\":7}"
                        + "\r\n0\r\n\r\n");
              }
            })) {
      var kie = kie(server);
      assertThat(kie.credit()).isPresent();
      assertThat(kie.credit()).isPresent();
      assertThat(server.connections()).isEqualTo(1);
    }
  }
}
