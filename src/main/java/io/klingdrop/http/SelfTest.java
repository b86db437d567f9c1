package io.klingdrop.http;

import io.klingdrop.fault.OutOfMemory;
import io.klingdrop.wire.HttpClients;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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
  private static final long PERIOD_SECONDS = 300;

  private final CloseableHttpClient http;
  private final URI address;
  private final String word = UUID.randomUUID() + "-" + UUID.randomUUID();
  private final Consumer<Boolean> result;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            var thread = new Thread(work, "callback-self-test");
            thread.setDaemon(true);
            return thread;
          });
  private boolean good = true;

  /**
   * A test of one address.
   *
   * @param result is told each time whether it leads here
   */
  SelfTest(String publicUrl, HttpClients clients, Consumer<Boolean> result) {
    this.http = clients.forNotices(PATIENCE);
    this.address = URI.create(publicUrl + "/callback/" + NAME + "/" + word);
    this.result = result;
  }

  boolean isOurs(String said) {
    return MessageDigest.isEqual(
        said.getBytes(StandardCharsets.UTF_8), word.getBytes(StandardCharsets.UTF_8));
  }

  /** Tests now and from now on. */
  void start() {
    var unused =
        timer.scheduleWithFixedDelay(
            OutOfMemory.seenIn(this::test), 0, PERIOD_SECONDS, TimeUnit.SECONDS);
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
    timer.shutdownNow();
    http.close(CloseMode.IMMEDIATE);
  }
}
