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
