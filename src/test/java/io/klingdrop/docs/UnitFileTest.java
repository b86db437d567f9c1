package io.klingdrop.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The service file of systemd that the documents offer gives the program no more than it needs. */
class UnitFileTest {
  private static final Pattern UNIT =
      Pattern.compile(
          "```ini\\n# /etc/systemd/system/klingdrop\\.service\\n(.*?)```", Pattern.DOTALL);

  private String unit;

  @BeforeEach
  void read() throws IOException {
    var page = UNIT.matcher(Files.readString(Path.of("docs/install.md")));
    assertThat(page.find()).isTrue();
    unit = page.group(1);
  }

  /** What stands behind a key in a section, in its order. */
  private List<String> values(String section, String key) {
    var behind = unit.substring(unit.indexOf("[" + section + "]") + 1);
    return behind
        .split("\n\\[", 2)[0]
        .lines()
        .filter(line -> line.startsWith(key + "="))
        .map(line -> line.substring(key.length() + 1))
        .toList();
  }

  @Test
  void nobodyElseReadsWhatTheServiceWrites() {
    assertThat(values("Service", "UMask"))
        .hasSize(1)
        .allMatch(mask -> mask.matches("00[02]7|0077"));
    assertThat(values("Service", "User")).hasSize(1).doesNotContain("root");
    assertThat(unit).contains("StateDirectory=klingdrop", "StateDirectoryMode=0700");
  }

  @Test
  void itGetsNoRightsAndSeesNoFoldersItDoesNotNeed() {
    assertThat(values("Service", "NoNewPrivileges")).containsExactly("yes");
    assertThat(values("Service", "PrivateTmp")).containsExactly("yes");
    assertThat(values("Service", "PrivateDevices")).containsExactly("yes");
    assertThat(values("Service", "ProtectHome")).containsExactly("yes");
    assertThat(values("Service", "ProtectSystem")).containsExactly("strict");
    assertThat(values("Service", "ReadWritePaths"))
        .isEqualTo(values("Service", "WorkingDirectory"))
        .isEqualTo(values("Unit", "RequiresMountsFor"));
  }

  @Test
  void namesWithAccentsCanBeOpenedAndNoKeyStandsInTheFile() {
    assertThat(values("Service", "Environment"))
        .anyMatch(one -> one.matches("(LANG|LC_ALL)=\\S+\\.UTF-8"))
        .allMatch(one -> !one.contains("KEY") || one.split("=", 2)[0].endsWith("_FILE"));
  }

  @Test
  void aStopMayTakeAsLongAsTheProgramGivesItAndWrongSettingsAreNotTriedAgain() {
    assertThat(values("Service", "TimeoutStopSec"))
        .singleElement()
        .satisfies(seconds -> assertThat(Integer.parseInt(seconds)).isGreaterThan(75));
    assertThat(values("Service", "RestartPreventExitStatus")).containsExactly("2");
    assertThat(values("Service", "SuccessExitStatus")).containsExactly("143");
  }
}
