package io.klingdrop.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Each line of the table of threats names a test that is there and says what it shows. */
class ThreatsTest {
  private static final List<Path> TESTS = List.of(Path.of("src/test/java"));
  private static final Pattern TEST =
      Pattern.compile("`([A-Z][A-Za-z0-9]*(?:Test|IT)(?:\\.[a-z][A-Za-z0-9]*)?)`");

  /** The cells of each line of a table, by its first head. */
  private static List<List<String>> lines(String head) throws IOException {
    var text = Files.readString(Path.of("SECURITY.md"));
    var table = text.substring(text.indexOf("\n| " + head + " |") + 1).split("\n\n", 2)[0];
    return table
        .lines()
        .skip(2)
        .map(line -> line.substring(1, line.length() - 1))
        .map(line -> Arrays.stream(line.split("\\|", -1)).map(String::strip).toList())
        .toList();
  }

  @Test
  void everyThreatHasATestThatIsThere() throws IOException {
    var names = ClassNames.of(TESTS);
    var lines = lines("threat");

    assertThat(lines).hasSizeGreaterThan(50).allMatch(line -> line.size() == 3);
    for (var line : lines) {
      var tests = TEST.matcher(line.get(2)).results().map(found -> found.group(1)).toList();
      assertThat(tests)
          .as(line.get(0))
          .isNotEmpty()
          .allSatisfy(test -> assertThat(names.fault(test)).isEmpty());
    }
  }
}
