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
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
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

  private Answer answer(Request request) throws InterruptedException {
    if (request.parameter("text").isEmpty()) {
      return Answer.error(200, "all", "all jobs");
    }
    most.accumulateAndGet(now.incrementAndGet(), Math::max);
    assertThat(found.await(10, TimeUnit.MINUTES)).isTrue();
    now.decrementAndGet();
    return Answer.error(200, "found", "what was looked for");
  }

  @Test
  void oneSearchIsWorkedOnAtATimeAndOtherQuestionsGoOn() throws Exception {
    var port = Http.freePort();
    var settings =
        SettingsReader.load(
            folder, Map.of(), Map.of("klingdrop.http.port", Integer.toString(port)));
    var time = SettableTime.running();
    var jobs = Endpoint.get(OpsPaths.JOBS, "test-list-jobs", "Lists jobs", this::answer);
    var live = new HealthReport(List.of());
    var http = new Http(port);
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
        ask(http);
      } finally {
        found.countDown();
      }
    }
  }

  private void ask(Http http) {
    var client = HttpClient.newHttpClient();
    var searches = new ArrayList<CompletableFuture<HttpResponse<String>>>();
    for (int n = 0; n < TOO_MANY; n++) {
      var search = http.to(OpsPaths.JOBS + "?text=" + n).build();
      searches.add(client.sendAsync(search, BodyHandlers.ofString()));
    }
    await().until(() -> most.get() > 1 || searches.stream().anyMatch(search -> search.isDone()));

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
}
