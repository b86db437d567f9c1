package io.klingdrop.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** What a build skips, it says. */
class SkippedTestsTest {
  @TempDir private Path folder;

  /** Tests of which one is run. */
  static final class Half {
    @Test
    void isRun() {}

    @Test
    void lacksSomething() {
      assumeTrue(false, "install\n  chromedriver");
    }

    @Test
    @Disabled("not yet")
    void isOff() {}
  }

  /** A class that counts no test at all. */
  @Disabled("needs npm")
  static final class None {
    @Test
    void isNotRun() {}
  }

  @Test
  void everySkippedTestAndClassIsKeptWithItsReason() throws Exception {
    var file = folder.resolve("a folder/skipped.txt");
    var quiet = LauncherConfig.builder().enableTestExecutionListenerAutoRegistration(false).build();
    LauncherFactory.create(quiet)
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(Half.class), selectClass(None.class))
                .build(),
            new SkippedTests(file));

    assertThat(Files.readAllLines(file))
        .hasSize(3)
        .anyMatch(line -> line.matches("\\S*Half\\.lacksSomething\\(\\): .*install chromedriver"))
        .anyMatch(line -> line.matches("\\S*Half\\.isOff\\(\\): not yet"))
        .anyMatch(line -> line.matches(".*None: needs npm"));
  }

  @Test
  void theLastLinesOfTheBuildTellThem() throws Exception {
    assertThat(Files.readString(Path.of("pom.xml")))
        .containsPattern(
            "<id>tell-skipped-tests</id>\\s*<goals>\\s*<goal>run</goal>\\s*</goals>\\s*<phase>verify</phase>")
        .containsPattern("<echo level=\"warning\">[^<]*\\$\\{skipped\\.tests}</echo>");
    var services = "src/test/resources/META-INF/services/";
    assertThat(Path.of(services + "org.junit.platform.launcher.TestExecutionListener"))
        .content()
        .contains(SkippedTests.class.getName());
  }
}
