package io.klingdrop;

import static io.klingdrop.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.job.JobState;
import io.klingdrop.testing.Answers;
import io.klingdrop.testing.Call;
import io.klingdrop.testing.Endpoint;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.Faults;
import io.klingdrop.testing.Http;
import io.klingdrop.testing.Scrape;
import io.klingdrop.testing.TaskPlan;
import io.klingdrop.testing.TestMedia;
import io.klingdrop.testing.Workplace;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The figures after a day with a bit of everything: three videos and every kind of trouble. */
class MetricsTest {
  @TempDir private static Path folder;
  private static FakeKie kie;
  private static Workplace place;
  private static Http http;
  private static Scrape scrape;

  /** How long the waiting job can have waited at most when the figures were taken. */
  private static Duration waited;

  /** How long anything can have taken at most. */
  private static Duration lived;

  @BeforeAll
  static void live() throws Exception {
    kie = FakeKie.start();
    place =
        new Workplace(folder, kie)
            .set("klingdrop.budget.credits-per-day", "5000")
            .set("klingdrop.webhook.url", "http://127.0.0.1:" + Http.freePort() + "/")
            .set("klingdrop.webhook.secret", "whsec_bm90IGEgc2VjcmV0IGF0IGFsbCwgYSB0ZXN0");
    http = place.http();
    place.atDayBreak();
    var began = place.time().instant();
    place.start().awaitHttp(http);
    kie.on(Endpoint.CREATE_TASK).next(Answers.envelope(429, "too many"));
    kie.plan()
        .when(Call.promptContains("good"))
        .always(TaskPlan.succeeds().after(Duration.ofMillis(300)));
    kie.plan().when(Call.promptContains("broken")).always(TaskPlan.fails("501", "failed"));
    kie.on(Endpoint.CREATE_TASK).when(Call.promptContains("lost")).always(Faults.acceptThenReset());
    drop("good one", 1);
    drop("good two", 2);
    drop("good three", 3);
    place.awaitJobs(JobState.DELIVERED, 3);
    drop("broken", 4);
    drop("lost", 5);
    place.awaitJobs(JobState.FAILED, 1);
    place.awaitJobs(JobState.SUBMIT_UNKNOWN, 1);
    kie.useKey("another");
    var dropped = place.time().instant();
    drop("waits", 6);
    place.awaitJobs(JobState.READY, 1);
    await()
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              var page = http.get("/observe/metrics").body();
              return page.contains("klingdrop_closed_lanes 1")
                  && new Scrape(page).value("klingdrop_ready") == 1;
            });
    scrape = new Scrape(http.get("/observe/metrics").body());
    waited = Duration.between(dropped, place.time().instant());
    lived = Duration.between(began, place.time().instant());
  }

  @AfterAll
  static void close() throws Exception {
    place.close();
    kie.close();
  }

  private static void drop(String name, int seed) throws IOException {
    Files.writeString(place.inbox("avatar").resolve(name + ".txt"), name);
    TestMedia.pair(place.inbox("avatar"), name, seed);
  }

  @Test
  void thePageIsWhatPrometheusReadsWithoutGuessing() {
    var answer = http.get("/observe/metrics");
    assertThat(answer.headers().firstValue("Content-Type"))
        .hasValue("text/plain; version=0.0.4; charset=utf-8");
    assertThat(scrape.type("klingdrop_provider_calls_total")).isEqualTo("counter");
    assertThat(scrape.type("klingdrop_jobs")).isEqualTo("gauge");
    assertThat(scrape.type("klingdrop_detection_lag_seconds")).isEqualTo("histogram");
  }

  @Test
  void jobsAreCountedByStateAndClass() {
    assertThat(scrape.value("klingdrop_jobs", "state", "DELIVERED")).isEqualTo(3);
    assertThat(scrape.value("klingdrop_jobs", "state", "READY")).isEqualTo(1);
    assertThat(scrape.value("klingdrop_jobs", "state", "RUNNING")).isZero();
    assertThat(scrape.value("klingdrop_failed_jobs", "class", "generation")).isEqualTo(1);
    assertThat(scrape.value("klingdrop_failed_jobs", "class", "submit-unknown")).isEqualTo(1);
    assertThat(scrape.value("klingdrop_failed_jobs", "class", "invalid")).isZero();
    assertThat(scrape.value("klingdrop_ended_jobs_total", "state", "DELIVERED", "class", ""))
        .isEqualTo(3);
    assertThat(scrape.value("klingdrop_ended_jobs_total", "state", "FAILED", "class", "generation"))
        .isEqualTo(1);
    assertThat(scrape.value("klingdrop_oldest_job_seconds", "state", "READY"))
        .isBetween(0.0, waited.toMillis() / 1000.0);
  }

  @Test
  void everyCallIsCountedWithItsOutcome() {
    assertThat(calls("createTask", "ok")).isEqualTo(4);
    assertThat(calls("createTask", "rate")).isEqualTo(1);
    assertThat(calls("createTask", "lost")).isEqualTo(1);
    assertThat(calls("recordInfo", "ok"))
        .isGreaterThanOrEqualTo(4)
        .isLessThanOrEqualTo(kie.calls(Endpoint.RECORD_INFO));
    var calls = "klingdrop_job_calls";
    assertThat(scrape.value(calls + "_count", "account", "kie")).isEqualTo(3);
    assertThat(scrape.value(calls + "_sum", "account", "kie")).isGreaterThanOrEqualTo(6);
  }

  private static double calls(String call, String outcome) {
    return scrape.value(
        "klingdrop_provider_calls_total", "account", "kie", "call", call, "outcome", outcome);
  }

  @Test
  void rateUseIsAShareOfTheRateThatIsAllowed() {
    assertThat(
            scrape.value("klingdrop_provider_rate_limit", "account", "kie", "call", "createTask"))
        .isEqualTo(1000);
    assertThat(scrape.value("klingdrop_provider_rate_use", "account", "kie", "call", "recordInfo"))
        .isGreaterThan(0)
        .isLessThan(1);
  }

  @Test
  void moneyStandsBesideItsCap() {
    // the failed one cost nothing, the lost one keeps what was set aside for it
    assertThat(scrape.value("klingdrop_credits_today", "profile", "avatar")).isEqualTo(316);
    assertThat(scrape.value("klingdrop_credits_cap", "profile", "")).isEqualTo(5000);
  }

  @Test
  void timesAreMeasuredOnceForEachVideo() {
    for (var name : new String[] {"klingdrop_job_seconds", "klingdrop_delivery_seconds"}) {
      assertThat(scrape.value(name + "_count", "account", "kie")).as(name).isEqualTo(3);
      assertThat(scrape.value(name + "_sum", "account", "kie"))
          .as(name)
          .isBetween(0.0, 3 * lived.toMillis() / 1000.0);
    }
    assertThat(scrape.value("klingdrop_detection_lag_seconds_count", "account", "kie"))
        .isEqualTo(3);
  }

  @Test
  void aSecondLookCountsNothingTwice() {
    var before = http.get("/observe/metrics").body();
    await().until(() -> !before.equals(fresh()));
    var again = new Scrape(fresh());
    assertThat(again.value("klingdrop_job_seconds_count", "account", "kie")).isEqualTo(3);
    assertThat(again.value("klingdrop_ended_jobs_total", "state", "DELIVERED", "class", ""))
        .isEqualTo(3);
    assertThat(again.value("klingdrop_detection_lag_seconds_count", "account", "kie")).isEqualTo(3);
  }

  private static String fresh() {
    return http.get("/observe/metrics").body();
  }

  @Test
  void whatIsCountedGoesOnAfterMemoryWasCleared() {
    var forgotten = new WeakReference<>(new Object());
    await()
        .until(
            () -> {
              System.gc();
              return forgotten.get() == null;
            });

    assertThat(http.get("/callback/kie/" + "A".repeat(43)).statusCode()).isEqualTo(404);

    await()
        .untilAsserted(
            () ->
                assertThat(
                        new Scrape(fresh())
                            .value("klingdrop_callbacks_total", "outcome", "refused"))
                    .isEqualTo(1));
  }

  @Test
  void aClosedLaneAndOutcomesNobodyTookAreSeen() {
    assertThat(scrape.value("klingdrop_lane_open", "account", "kie")).isZero();
    assertThat(
            scrape.value(
                "klingdrop_closed_lane_seconds", "account", "kie", "model", "", "cause", "key"))
        .isGreaterThanOrEqualTo(0);
    assertThat(scrape.value("klingdrop_outcome_backlog", "way", "webhook")).isGreaterThan(4);
    assertThat(scrape.value("klingdrop_outcome_oldest_seconds", "way", "webhook")).isPositive();
    assertThat(scrape.value("klingdrop_ready")).isEqualTo(1);
  }

  @Test
  void healthTellsOfTheClosedLaneAndTheBacklogAndIsWell() {
    await()
        .untilAsserted(
            () -> {
              var health = http.get("/observe/health");
              assertThat(health.statusCode()).isEqualTo(200);
              assertThat(health.body())
                  .contains("closed: kie", " notices, ", " not taken, the oldest since");
            });
    assertThat(http.get("/observe/health/live").body()).contains("heartbeat");
  }

  /** Every figure that an expression asks for must be one that the program shows. */
  private static void asksForWhatIsThere(List<String> expressions) {
    assertThat(expressions).hasSizeGreaterThan(5);
    for (var expression : expressions) {
      var name = Pattern.compile("klingdrop_\\w+").matcher(expression);
      assertThat(name.find()).as(expression).isTrue();
      do {
        assertThat(scrape.names()).as(expression).contains(name.group());
      } while (name.find());
    }
  }

  @Test
  void everyPanelOfTheDashboardShowsAFigureThatIsThere() throws Exception {
    var dashboard =
        new ObjectMapper().readTree(Path.of("config/grafana/klingdrop-dashboard.json").toFile());
    var ids = new HashSet<Integer>();
    for (var panel : dashboard.path("panels")) {
      assertThat(ids.add(panel.path("id").asInt())).isTrue();
      assertThat(panel.path("title").asText()).isNotEmpty();
      asksForLabelsThatAreThere(panel.path("targets"));
    }
    asksForWhatIsThere(dashboard.findValuesAsText("expr"));
    assertThat(dashboard.at("/templating/list/1/query/query").asText())
        .isEqualTo("label_values(klingdrop_ready, instance)");
  }

  /** What stands in a legend must be kept by the expression, and be a label of the figure. */
  private static void asksForLabelsThatAreThere(JsonNode targets) {
    assertThat(targets).isNotEmpty();
    for (var target : targets) {
      var label = Pattern.compile("\\{\\{(\\w+)}}").matcher(target.path("legendFormat").asText());
      while (label.find()) {
        assertThat(scrape.labels()).as(target.toString()).contains(label.group(1));
        var expression = target.path("expr").asText();
        if (expression.contains(" by (")) {
          assertThat(expression).containsPattern(" by \\([^)]*\\b" + label.group(1) + "\\b");
        }
      }
    }
  }

  @Test
  void everyAlertAsksForAFigureThatIsThere() throws Exception {
    var text = Files.readString(Path.of("config/prometheus/klingdrop-alerts.yaml"));
    var rules = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(text);
    var group = (Map<?, ?>) ((List<?>) rules.get("groups")).get(0);
    var expressions = new ArrayList<String>();
    for (var entry : (List<?>) group.get("rules")) {
      var rule = (Map<?, ?>) entry;
      assertThat(String.valueOf(rule.get("alert"))).startsWith("Klingdrop");
      assertThat((Map<?, ?>) rule.get("annotations")).hasSize(2);
      expressions.add(String.valueOf(rule.get("expr")));
    }
    asksForWhatIsThere(expressions);
  }
}
