package io.klingdrop.http;

import static io.klingdrop.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.health.HealthReport;
import io.klingdrop.ledger.CallbackRows;
import io.klingdrop.provider.Callbacks;
import io.klingdrop.provider.Providers;
import io.klingdrop.settings.SettingsReader;
import io.klingdrop.testing.Http;
import io.klingdrop.testing.SettableTime;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Searches at the real port: one is worked on at a time, and they stop no other question. */
class SearchesTest {
  /** One that is worked on, eight in the line, one too many. */
  private static final int TOO_MANY = 10;

  @TempDir private Path folder;
  private final AtomicInteger now = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final CountDownLatch found = new CountDownLatch(1);
  private final List<HttpServerRequest> worked = new CopyOnWriteArrayList<>();

  private interface Asking {
    void at(int port) throws Exception;
  }

  private Answer answer(Request request) throws InterruptedException {
    if (request.parameter("text").isEmpty()) {
      return Answer.error(200, "all", "all jobs");
    }
    worked.add(request.wire());
    most.accumulateAndGet(now.incrementAndGet(), Math::max);
    assertThat(found.await(10, TimeUnit.MINUTES)).isTrue();
    now.decrementAndGet();
    return Answer.error(200, "found", "what was looked for");
  }

  @Test
  void oneSearchIsWorkedOnAtATimeAndOtherQuestionsGoOn() throws Exception {
    open(this::askManyAtOnce);
  }

  @Test
  void aSearchGoesOnBeingTheOnlyOneAfterWhoeverAskedHasHungUp() throws Exception {
    open(this::hangUpAndAskAgain);
  }

  private void open(Asking asking) throws Exception {
    var port = Http.freePort();
    var settings =
        SettingsReader.load(
            folder, Map.of(), Map.of("klingdrop.http.port", Integer.toString(port)));
    var time = SettableTime.running();
    var jobs = Endpoint.get(OpsPaths.JOBS, "test-list-jobs", "Lists jobs", this::answer);
    var live = new HealthReport(List.of());
    try (var logins = new Logins("", "", time);
        var events = new Events(null, null, null, time);
        var camel = new DefaultCamelContext()) {
      var callbacks = new Callbacks(new CallbackRows(null), "", time);
      var door =
          new CallbackEndpoints(callbacks, new Providers(List.of()), taken -> true, null, time);
      var health = new HealthEndpoints(() -> live, () -> live);
      var open = new HttpPort(settings, List.of(jobs), health, door, events, logins, time);
      open.addTo(camel);
      camel.addRoutes(open.routes());
      camel.start();
      open.open();
      try {
        asking.at(port);
      } finally {
        found.countDown();
      }
    }
  }

  private void askManyAtOnce(int port) {
    var http = new Http(port);
    var searches = search(http, TOO_MANY);

    assertThat(most).as("searches at a time").hasValue(1);
    assertThat(http.get(OpsPaths.JOBS).statusCode()).isEqualTo(200);
    assertThat(http.get(OpsPaths.JOBS + "?text=%20").statusCode()).isEqualTo(200);

    found.countDown();
    assertThat(searches.stream().map(search -> search.join().statusCode()))
        .containsOnlyOnce(429)
        .filteredOn(status -> status != 429)
        .hasSize(TOO_MANY - 1)
        .containsOnly(200);
    assertThat(most).as("searches at a time").hasValue(1);
  }

  private void hangUpAndAskAgain(int port) throws IOException {
    var http = new Http(port);
    try (var socket = new Socket("127.0.0.1", port)) {
      var head = "GET " + OpsPaths.JOBS + "?text=first HTTP/1.1\r\nHost: localhost\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      await().until(() -> !worked.isEmpty());
    }
    await().until(() -> worked.get(0).response().closed());
    assertThat(http.get(OpsPaths.JOBS).statusCode()).isEqualTo(200);

    search(http, TOO_MANY - 1);

    assertThat(most).as("searches at a time").hasValue(1);
  }

  /** Asks so many, and waits until two are worked on or one is too many. */
  private List<CompletableFuture<HttpResponse<String>>> search(Http http, int count) {
    var client = HttpClient.newHttpClient();
    var searches = new ArrayList<CompletableFuture<HttpResponse<String>>>();
    for (int n = 0; n < count; n++) {
      var search = http.to(OpsPaths.JOBS + "?text=" + n).build();
      searches.add(client.sendAsync(search, BodyHandlers.ofString()));
    }
    await().until(() -> most.get() > 1 || searches.stream().anyMatch(search -> search.isDone()));
    return searches;
  }
}
