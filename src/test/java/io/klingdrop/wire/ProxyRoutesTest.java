package io.klingdrop.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.klingdrop.settings.SettingsReader;
import io.klingdrop.testing.ProxyServer;
import io.klingdrop.testing.RawServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls through a real proxy: what it is told, and what its refusals mean. */
class ProxyRoutesTest {
  @TempDir private Path folder;
  private RawServer server;
  private ProxyServer proxy;

  @BeforeEach
  void start() throws IOException {
    server =
        new RawServer(
            line -> {
              line.request();
              line.say("HTTP/1.1 201 Made\r\nContent-Length: 0\r\n\r\n");
            });
    proxy = new ProxyServer("me:pass:word").leads("api.test", server.port());
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    proxy.close();
  }

  private CloseableHttpClient client(String address) {
    var environment = Map.of("HTTPS_PROXY", address, "HTTP_PROXY", address);
    var proxies = SettingsReader.load(folder, environment, Map.of()).proxy();
    return new HttpClients(proxies).forNotices(Duration.ofMinutes(2));
  }

  private int post(String proxyAddress, String url) throws IOException {
    var request = new HttpPost(url);
    request.setEntity(new StringEntity("pay"));
    try (var client = client(proxyAddress)) {
      return client.execute(request, ClassicHttpResponse::getCode);
    }
  }

  private String address() {
    return proxy.url().replace("me:pass:word", "me:pass%3Aword");
  }

  private String wrongLogin() {
    return proxy.url().replace("me:pass:word", "me:other");
  }

  @Test
  void aCallTakesItsLoginAlongAndIsSaidOnce() throws IOException {
    assertThat(post(address(), "http://api.test/task")).isEqualTo(201);

    assertThat(proxy.heads()).singleElement().asString().startsWith("POST http://api.test/task ");
    assertThat(server.heads())
        .singleElement()
        .asString()
        .startsWith("POST /task ")
        .doesNotContainIgnoringCase("proxy-");
  }

  @Test
  void aTunnelIsAskedForWithTheLogin() throws IOException {
    try (var plain = new RawServer(line -> line.say("no TLS here\r\n"))) {
      proxy.leads("api.test", plain.port());
      assertThatThrownBy(() -> post(address(), "https://api.test/task"))
          .as("the server speaks no TLS, which shows by its words or by its hanging up")
          .isInstanceOf(IOException.class)
          .hasMessageMatching(".*(SSL message|terminated the handshake|reset|Broken pipe).*");
    }

    assertThat(proxy.heads())
        .singleElement()
        .asString()
        .startsWith("CONNECT api.test:443 ")
        .contains("Proxy-Authorization: Basic ");
  }

  @Test
  void aProxyThatWantsAnotherLoginHasSentNothing() {
    assertThatThrownBy(() -> post(wrongLogin(), "https://api.test/task"))
        .isInstanceOf(NotSentException.class)
        .hasMessageContaining("407")
        .hasMessageContaining("another user or password")
        .hasMessageNotContaining("other@");
    assertThatThrownBy(() -> post(wrongLogin(), "http://api.test/task"))
        .isInstanceOf(NotSentException.class)
        .hasMessageContaining("407");

    assertThat(proxy.heads()).hasSize(2);
    assertThat(server.connections()).isZero();
  }

  @Test
  void aServerOfItsOwnThatAsks407IsNoProxy() throws IOException {
    try (var odd =
        new RawServer(
            line -> {
              line.request();
              line.say("HTTP/1.1 407 Odd\r\nContent-Length: 0\r\n\r\n");
            })) {
      assertThat(post(address(), odd.url())).isEqualTo(407);
    }
  }

  @Test
  void aTunnelThatIsRefusedHasSentNothing() {
    proxy.refuse(503);

    assertThatThrownBy(() -> post(address(), "https://api.test/task"))
        .isInstanceOf(NotSentException.class)
        .hasMessageContaining("503");
  }

  @Test
  void aProxyThatIsGoneHasSentNothing() throws IOException {
    var gone = address();
    proxy.close();

    assertThatThrownBy(() -> post(gone, "http://api.test/task"))
        .isInstanceOf(NotSentException.class);
  }
}
