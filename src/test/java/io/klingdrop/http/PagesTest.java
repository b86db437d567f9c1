package io.klingdrop.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The files of the page, read as texts. */
class PagesTest {
  private static final Path FOLDER = Path.of("src/main/resources/ops");
  private static final Pattern KEY = Pattern.compile("(?m)^  '?([\\w.-]+)'?:");

  private static TreeSet<String> keys(String file) throws IOException {
    return KEY.matcher(Files.readString(FOLDER.resolve(file)))
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void bothLanguagesHaveTheSameWords() throws IOException {
    assertThat(keys("zh.js")).isEqualTo(keys("en.js")).hasSizeGreaterThan(150);
  }

  @Test
  void everyFileIsSentAndNothingElse() throws IOException {
    try (var files = Files.list(FOLDER)) {
      var names = files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
      names.add(Pages.LIBRARY);
      assertThat(names).isEqualTo(Pages.FILES);
    }
  }

  @Test
  void theChartsComeWithTheirLicenceAndRunNoTextAsCode() throws IOException {
    try (var charts = Pages.class.getResourceAsStream("/ops/" + Pages.LIBRARY);
        var licence = Pages.class.getResourceAsStream("/ops/lib/LICENSE.md")) {
      assertThat(new String(licence.readAllBytes(), StandardCharsets.UTF_8))
          .contains("MIT License");
      assertThat(new String(charts.readAllBytes(), StandardCharsets.UTF_8))
          .contains("Chart.js v4", "Released under the MIT License")
          .doesNotContain("eval(", "new Function", "innerHTML");
    }
  }

  @Test
  void noScriptMakesMarkupOfText() throws IOException {
    try (var files = Files.list(FOLDER)) {
      for (var file : files.toList()) {
        assertThat(Files.readString(file))
            .as(file.toString())
            .doesNotContain(
                "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(")
            .doesNotContainPattern("https?://(?!www\\.w3\\.org)");
      }
    }
  }
}
