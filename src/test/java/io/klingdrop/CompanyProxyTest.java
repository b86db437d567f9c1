package io.klingdrop;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.job.JobState;
import io.klingdrop.testing.AppProcess;
import io.klingdrop.testing.Certificate;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.ProxyServer;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program in a network that is left through a proxy with a login only: the provider speaks TLS
 * and has a name that nobody but the proxy knows.
 */
class CompanyProxyTest {
  private static final String HOST = "api.provider.example";

  @TempDir private Path folder;

  /** Takes TLS off and passes on what is said. */
  private static void front(SSLServerSocket listener, int port) {
    daemon(
        () -> {
          while (!listener.isClosed()) {
            var client = listener.accept();
            var server = new Socket(InetAddress.getLoopbackAddress(), port);
            daemon(() -> pump(client, server));
            daemon(() -> pump(server, client));
          }
        });
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void daemon(Work work) {
    var thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // one of the sides has gone
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private static void pump(Socket from, Socket to) throws IOException {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    }
  }

  @Test
  void aTunnelToTheBucketIsAskedForWithTheLogin() throws Exception {
    var home = Files.createDirectory(folder.resolve("home"));
    try (var kie = FakeKie.start();
        var place = new Workplace(home, kie);
        var proxy = new ProxyServer("me:word")) {
      place.set("klingdrop.s3.bucket", "studio").set("klingdrop.s3.endpoint", "https://s3.example");
      place.set("klingdrop.s3.access-key", "a-key").set("klingdrop.s3.secret-key", "a-secret");
      var environment = new HashMap<>(place.environment());
      environment.put("HTTPS_PROXY", proxy.url());

      try (var app = AppProcess.start(home, environment, "doctor")) {
        app.exitCode();
        assertThat(app.output())
            .contains("https calls leave through " + proxy.url().replace("me:word@", ""));
      }

      assertThat(proxy.heads())
          .isNotEmpty()
          .allMatch(head -> head.startsWith("CONNECT s3.example:443 "))
          .last()
          .asString()
          .containsIgnoringCase("Proxy-Authorization: Basic ");
    }
  }

  @Test
  void everyCallOfAJobLeavesThroughTheTunnel() throws Exception {
    var certificate = Certificate.make(folder, "dns:" + HOST);
    var home = Files.createDirectory(folder.resolve("home"));
    try (var kie = FakeKie.start();
        var place = new Workplace(home, kie);
        var listener =
            (SSLServerSocket)
                certificate
                    .context()
                    .getServerSocketFactory()
                    .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var proxy = new ProxyServer("me:word").leads(HOST, listener.getLocalPort())) {
      front(listener, kie.url().getPort());
      place.set("klingdrop.provider.kie.base-url", "https://" + HOST);
      place.set("klingdrop.provider.kie.upload-url", "https://" + HOST);
      var environment = new HashMap<>(place.environment());
      environment.put("HTTPS_PROXY", proxy.url());
      TestMedia.pair(place.inbox("avatar"), "one", 2);

      try (var app =
          AppProcess.start(
              home,
              environment,
              List.of(
                  "-Djavax.net.ssl.trustStore=" + certificate.trust(),
                  "-Djavax.net.ssl.trustStorePassword=" + Certificate.PASSWORD),
              "run",
              "--exit-when-idle")) {
        assertThat(app.exitCode()).as("%s", app.printed()).isZero();
        assertThat(app.printed()).doesNotContain("me:word");
      }

      assertThat(place.job("one").state()).isEqualTo(JobState.DELIVERED);
      assertThat(kie.accepted()).hasSize(1);
      assertThat(kie.uploads()).hasSize(2);
      // three clients, the film comes from this machine itself
      assertThat(proxy.heads())
          .hasSizeGreaterThanOrEqualTo(3)
          .allMatch(head -> head.startsWith("CONNECT " + HOST + ":443 "))
          .allMatch(head -> head.contains("Proxy-Authorization: Basic "));
    }
  }
}
