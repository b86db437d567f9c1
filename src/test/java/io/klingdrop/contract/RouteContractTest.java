package io.klingdrop.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.job.JobState;
import io.klingdrop.testkit.SampleJob;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.DefaultMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What must hold for every shipped route, beyond what Camel itself refuses: that they load and run
 * is held by the tests of whole jobs, these are the mistakes Camel starts happily with.
 */
class RouteContractTest {
  private static final List<String> STAGES =
      List.of(
          "heartbeat",
          "intake",
          "submit",
          "poll",
          "fetch",
          "deliver",
          "failure",
          "outcomes",
          "callback");

  private static Map<String, String> shipped() throws IOException {
    var texts = new LinkedHashMap<String, String>();
    for (var stage : STAGES) {
      texts.put(stage, Files.readString(Path.of("routes", stage + ".camel.yaml")));
    }
    return texts;
  }

  private static List<String> problemsWith(String stage, String what, String instead)
      throws IOException {
    var texts = shipped();
    assertThat(texts.get(stage)).contains(what);
    texts.put(stage, texts.get(stage).replaceFirst(java.util.regex.Pattern.quote(what), instead));
    return new RouteFiles(texts).problems();
  }

  @Test
  void theShippedRoutesHaveNoSilentMistake() throws IOException {
    assertThat(new RouteFiles(shipped()).problems()).isEmpty();
  }

  /**
   * A word that is not there breaks the step in the middle of a route, and only when it is said.
   */
  @ParameterizedTest
  @ValueSource(strings = {"intake", "submit", "poll", "fetch"})
  void whatARouteSaysOfAJobIsThereToBeSaid(String stage) throws IOException {
    var words = Pattern.compile("\\$\\{(?:body|exchangeProperty\\.job)\\.[^}]+}");
    var said = words.matcher(shipped().get(stage)).results().map(MatchResult::group).toList();
    assertThat(said).isNotEmpty();
    try (var camel = new DefaultCamelContext()) {
      camel.start();
      var exchange = new DefaultExchange(camel);
      exchange.getMessage().setBody(SampleJob.in(JobState.RUNNING));
      exchange.setProperty("job", SampleJob.in(JobState.RUNNING));
      for (var word : said) {
        var expression = camel.resolveLanguage("simple").createExpression(word);
        expression.init(camel);
        assertThat(expression.evaluate(exchange, String.class)).as(word).isNotBlank();
      }
    }
  }

  @Test
  void theShippedPatternDropsHeadersOfCamelInAnySpelling() throws IOException {
    var step = Pattern.compile("removeHeaders:\\s+id: \\S+\\s+pattern: \"([^\"]+)\"");
    var patterns =
        shipped().values().stream()
            .flatMap(text -> step.matcher(text).results())
            .map(match -> match.group(1))
            .toList();
    assertThat(patterns).isNotEmpty();
    for (var pattern : patterns) {
      try (var camel = new DefaultCamelContext()) {
        var message = new DefaultMessage(camel);
        for (var name : List.of("CamelFileName", "CAmelFileNameOnly", "camelHttpUri", "CAMELX")) {
          message.setHeader(name, "evil");
        }
        message.removeHeaders(pattern);
        assertThat(message.getHeaders()).as(pattern).isEmpty();
      }
    }
  }

  @Test
  void everyRouteFileIsOneOfTheStages() throws IOException {
    try (var files = Files.list(Path.of("routes"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(
              STAGES.stream().map(stage -> stage + ".camel.yaml").toList());
    }
  }

  @Test
  void anErrorHandlingThatDoesNotExistIsCaught() throws IOException {
    assertThat(
            problemsWith(
                "poll", "routeConfigurationId: job-errors", "routeConfigurationId: job-error"))
        .anyMatch(problem -> problem.contains("job-error, which does not exist"));
  }

  @Test
  void aCallNobodyAnswersIsCaught() throws IOException {
    assertThat(problemsWith("failure", "uri: direct:failure-keep-files", "uri: direct:nobody"))
        .anyMatch(problem -> problem.contains("direct:nobody, which no route consumes"));
  }

  @Test
  void aStageThatNoHeartbeatWakesIsCaught() throws IOException {
    assertThat(problemsWith("heartbeat", "uri: ledger:lookup", "uri: ledger:poll"))
        .anyMatch(problem -> problem.contains("ledger:lookup, which nobody calls"));
    assertThat(problemsWith("heartbeat", "uri: ledger:fetch", "uri: ledger:poll"))
        .anyMatch(problem -> problem.contains("ledger:fetch, which no heartbeat wakes"));
  }

  @Test
  void twoRoutesThatTakeWorkFromEachOtherAreCaught() throws IOException {
    assertThat(problemsWith("submit", "uri: ledger:lookup", "uri: ledger:submit"))
        .anyMatch(problem -> problem.contains("consume ledger:submit"));
  }

  @Test
  void aChoiceWithoutOtherwiseIsCaught() throws IOException {
    assertThat(problemsWith("poll", "otherwise:", "other:"))
        .anyMatch(problem -> problem.contains("choice without otherwise"));
  }

  @Test
  void aKeyThatStandsTwiceIsCaught() throws IOException {
    assertThat(
            problemsWith("submit", "    id: submit-job\n", "    id: submit-job\n    id: again\n"))
        .anyMatch(problem -> problem.contains("duplicate key"));
  }

  @Test
  void aRouteCalledOtherwiseThanItsChannelIsCaught() throws IOException {
    assertThat(
            problemsWith(
                "failure", "    id: failure-keep-files\n", "    id: failure-keep-others\n"))
        .anyMatch(problem -> problem.contains("a name that is not its own"));
  }

  @Test
  void everySettingIsUsedAndEveryUsedSettingIsDocumented() throws IOException {
    var routes = new RouteFiles(shipped());
    routes.problems();
    var documented = Files.readString(Path.of("config/application.properties"));
    var keys = new Properties();
    keys.load(new StringReader(documented));
    var derived = "klingdrop.poll.heartbeat-millis";

    assertThat(keys.stringPropertyNames()).containsAll(without(routes, derived));
    var code = code();
    for (var key : keys.stringPropertyNames()) {
      var used =
          routes.keys().contains(key)
              || code.contains('"' + key + '"')
              || key.startsWith("klingdrop.channel.")
              || (key.startsWith("klingdrop.provider.")
                  && code.contains("\"" + key.substring(key.lastIndexOf('.') + 1) + '"'))
              || (key.endsWith(".dir") && code.contains('"' + key.split("\\.", -1)[1] + '"'));
      assertThat(used).as(key + " is documented and used").isTrue();
    }
  }

  private static List<String> without(RouteFiles routes, String derived) {
    return routes.keys().stream().filter(key -> !key.equals(derived)).toList();
  }

  private static String code() throws IOException {
    try (var walk = Files.walk(Path.of("src/main/java"))) {
      return walk.filter(file -> file.toString().endsWith(".java"))
          .map(RouteContractTest::read)
          .collect(Collectors.joining());
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
