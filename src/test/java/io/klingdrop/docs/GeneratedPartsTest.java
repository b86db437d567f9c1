package io.klingdrop.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What pages say of settings, verbs, routes and codes is what the sources say. With {@code
 * -Dklingdrop.docs.write=true} it is written anew.
 */
class GeneratedPartsTest {
  private static final Path PROPERTIES = Path.of("config/application.properties");

  @Test
  void everySettingStandsInItsPageAsInTheShippedFile() throws Exception {
    current("settings.md", "settings", SettingsPage.of(Files.readString(PROPERTIES)));
  }

  @Test
  void everySettingIsExplained() throws Exception {
    assertThat(SettingsPage.unexplained(Files.readString(PROPERTIES))).isEmpty();
  }

  @Test
  void everyVerbStandsInItsPageAsTheProgramKnowsIt() throws Exception {
    current("commands.md", "commands", CommandsPage.text());
  }

  @Test
  void everyRouteStandsInItsPageAsItIsShipped() throws Exception {
    current("routes.md", "routes", RouteSteps.of(Path.of("routes")).routesTable());
  }

  @Test
  void everyBeanOfTheRoutesStandsInTheirPageWithItsClass(@TempDir Path folder) throws Exception {
    var steps = RouteSteps.of(Path.of("routes"));
    var classes = RunningBeans.of(folder, steps.beans());
    current("routes.md", "beans", steps.beansTable(classes));
  }

  @ParameterizedTest
  @ValueSource(strings = {"kie", "kling"})
  void everyCodeStandsInThePageOfFailuresWithItsMeaning(String dialect) throws Exception {
    current("failures.md", dialect, CodesTable.of(dialect));
  }

  private static void current(String page, String name, String text) throws Exception {
    var part = new GeneratedPart(Path.of("docs", page), name, text);
    if (Boolean.getBoolean("klingdrop.docs.write")) {
      part.write();
    }
    assertThat(part.written())
        .as("%s is out of date; -Dklingdrop.docs.write=true writes it anew", part)
        .isEqualTo(text);
  }
}
