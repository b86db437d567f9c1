package io.klingdrop.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class CrashPointTest {
  private static final Path SOURCES = Path.of("src/main/java");
  private static final Pattern CALL =
      Pattern.compile("CrashPoint\\s*\\.(?:at|after)\\(\\s*(\"([^\"]*)\")?");

  @Test
  void everyPointIsPlacedOnceAndListedOnce() throws IOException {
    assertThat(CrashPoint.names()).doesNotHaveDuplicates();
    assertThat(placed()).doesNotHaveDuplicates();
    assertThat(placed()).containsExactlyInAnyOrderElementsOf(CrashPoint.names());
  }

  @Test
  void aPointThatNobodyAskedForDoesNothing() {
    CrashPoint.at("files.moved");

    assertThat(CrashPoint.after("files.moved", "done")).isEqualTo("done");
  }

  private static List<String> placed() throws IOException {
    var names = new ArrayList<String>();
    try (var files = Files.walk(SOURCES)) {
      for (var file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        var calls = CALL.matcher(Files.readString(file));
        while (calls.find()) {
          assertThat(calls.group(1)).as("a literal name in " + file).isNotNull();
          names.add(calls.group(2));
        }
      }
    }
    return names;
  }
}
