package io.klingdrop.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests judge the order of events and what is there at the end, never how fast the machine is: none
 * compares measured time with a limit, none gives up before a slow machine has had its time, none
 * sleeps.
 */
class TestMannersTest {
  private static final Path TESTS = Path.of("src/test/java");

  /** Waits by {@code Patience} alone, whose time is long; its default of ten seconds is not. */
  private static final Pattern OTHER_WAIT =
      Pattern.compile(
          "org\\.awaitility\\.(Awaitility|core)|assertTimeout\\w*\\((?!Patience)|@Timeout\\([1-9]?[0-9]\\)");

  private static final Pattern SHORT_WAIT =
      Pattern.compile(
          "(atMost|exitCode|waitFor|within)\\((java\\.time\\.)?"
              + "(Duration\\.ofMillis\\([0-9_]+\\)|Duration\\.ofSeconds\\([1-5]?[0-9]\\))"
              + "|\\.(get|await|waitFor|poll|join)\\([1-5]?[0-9], TimeUnit\\.SECONDS\\)");

  private static final Pattern MEASURED_LIMIT =
      Pattern.compile(
          "(nanoTime\\(\\) - |currentTimeMillis\\(\\) - |Duration\\.between\\([^;]*now\\(\\))"
              + "[^;]*\\.isLessThan");

  private static final Pattern SLEEP = Pattern.compile("Thread\\.sleep|TimeUnit\\.[A-Z]+\\.sleep");

  @Test
  void noTestJudgesHowFastTheMachineIs() throws IOException {
    assertThat(lines(MEASURED_LIMIT)).isEmpty();
  }

  @Test
  void noTestGivesUpBeforeASlowMachineHasHadItsTime() throws IOException {
    assertThat(lines(SHORT_WAIT)).isEmpty();
    assertThat(lines(OTHER_WAIT)).allMatch(line -> line.startsWith("testing/Patience.java"));
  }

  @Test
  void noTestSleeps() throws IOException {
    assertThat(lines(SLEEP)).isEmpty();
  }

  /** Each of these once failed on a slow machine, or would have. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "assertThat(Duration.between(started, Instant.now())).isLessThan(Duration.ofSeconds(5));",
        "assertThat(System.nanoTime() - before).isLessThan(2_000_000_000L);",
        "assertThat(System.currentTimeMillis() - start).as(name).isLessThanOrEqualTo(900);",
      })
  void aComparisonWithMeasuredTimeIsSeen(String statement) {
    assertThat(statement).containsPattern(MEASURED_LIMIT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "assertThat(app.exitCode(Duration.ofSeconds(20))).isIn(0, 143);",
        "await().atMost(Duration.ofSeconds(30)).until(() -> stuck.get() == 8);",
        "process.waitFor(10, TimeUnit.SECONDS);",
        "assertThat(reached.await(59, TimeUnit.SECONDS)).isTrue();",
        "org.awaitility.Awaitility.await().until(done);",
        "assertTimeoutPreemptively(Duration.ofSeconds(120), this::work);",
        "@Timeout(30) void quick() {}",
      })
  void aWaitThatGivesUpTooSoonIsSeen(String statement) {
    assertThat(SHORT_WAIT.matcher(statement).find() || OTHER_WAIT.matcher(statement).find())
        .isTrue();
  }

  @Test
  void whatProgramsReadOfAChildIsNotMixedWithItsWarnings() throws IOException {
    assertThat(lines(Pattern.compile("redirectErrorStream\\(true\\)|inheritIO\\(\\)")))
        .noneMatch(line -> line.startsWith("testing/AppProcess.java"));
    assertThat(lines(Pattern.compile("\\.readTree\\([a-z]+\\.printed\\(\\)"))).isEmpty();
    assertThat(lines(Pattern.compile("App\\.class\\.getName\\(\\)|\"io\\.klingdrop\\.App\"")))
        .as("the program is started by its jar, whose manifest counts")
        .allMatch(line -> line.startsWith("testing/UnpackagedJar.java"));
  }

  /** Where the pattern is found in statements of the tests, the bench and this file apart. */
  private static List<String> lines(Pattern pattern) throws IOException {
    try (var files = Files.walk(TESTS)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.toString().contains("/bench/"))
          .filter(file -> !file.endsWith("TestMannersTest.java"))
          .flatMap(file -> statements(file, pattern))
          .toList();
    }
  }

  private static Stream<String> statements(Path file, Pattern pattern) {
    try {
      var statements = Files.readString(file).split(";");
      return IntStream.range(0, statements.length)
          .mapToObj(n -> (statements[n] + ";").strip().replaceAll("\\s+", " "))
          .filter(statement -> pattern.matcher(statement).find())
          .map(statement -> TESTS.resolve("io/klingdrop").relativize(file) + ": " + statement);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
