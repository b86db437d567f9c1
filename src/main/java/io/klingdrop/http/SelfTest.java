package io.klingdrop.http;

import io.klingdrop.time.Time;
import io.klingdrop.wire.HttpClients;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.io.CloseMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries whether the public address leads back to this program, at start and now and then. That it
 * does not, as behind some routers, proves nothing; callbacks that come are believed all the same.
 */
final class SelfTest implements AutoCloseable {
  static final String NAME = "self";
  private static final Logger LOG = LoggerFactory.getLogger(SelfTest.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration PERIOD = Duration.ofMinutes(5);

  private final CloseableHttpClient http;
  private final URI address;
  private final String word = UUID.randomUUID() + "-" + UUID.randomUUID();
  private final Consumer<Boolean> result;
  private final Time.Timer timer;
  private boolean good = true;

  /** A test of one address; {@code result} is told each time whether it leads here. */
  SelfTest(String publicUrl, HttpClients clients, Consumer<Boolean> result, Time time) {
    this.http = clients.forNotices(PATIENCE);
    this.address = URI.create(publicUrl + "/callback/" + NAME + "/" + word);
    this.result = result;
    this.timer = time.timer("callback-self-test");
  }

  boolean isOurs(String said) {
    return MessageDigest.isEqual(
        said.getBytes(StandardCharsets.UTF_8), word.getBytes(StandardCharsets.UTF_8));
  }

  void start() {
    timer.every(Duration.ZERO, PERIOD, this::test);
  }

  private void test() {
    var trouble = trouble();
    if (trouble.isEmpty() != good) {
      good = trouble.isEmpty();
      if (good) {
        LOG.info("klingdrop.callback.public-url leads here again");
      } else {
        LOG.warn(
            "klingdrop.callback.public-url does not lead here ({}): tasks are looked at as without"
                + " callbacks until one comes",
            trouble);
      }
    }
    result.accept(good);
  }

  private String trouble() {
    try {
      var status = HttpClients.status(http, new HttpGet(address));
      return status == 200 ? "" : "it answers " + status;
    } catch (IOException e) {
      return e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage());
    }
  }

  @Override
  public void close() {
    timer.close();
    http.close(CloseMode.IMMEDIATE);
  }
}
