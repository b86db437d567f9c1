package io.klingdrop.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What {@code docs/testing-routes.md} shows is a test that runs, to the letter. */
class TestingRoutesPageTest {
  private static final Pattern SHOWN = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @Test
  void theTestOnThePageIsTheOneThatRuns() throws IOException {
    var page = Files.readString(Path.of("docs/testing-routes.md"));
    var test = Files.readString(Path.of("src/test/java/io/klingdrop/routes/StudioRouteTest.java"));

    var shown = SHOWN.matcher(page).results().map(found -> found.group(1)).toList();

    assertThat(shown).containsExactly(test.substring(test.indexOf("@CamelMainTest")));
  }
}
