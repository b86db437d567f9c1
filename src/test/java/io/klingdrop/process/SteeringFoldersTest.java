package io.klingdrop.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.klingdrop.app.DoctorChecks;
import io.klingdrop.app.Klingdrop;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.Workplace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose files are obeyed. Giving files to others needs root; the rights need nobody. */
@DisabledOnOs(OS.WINDOWS)
class SteeringFoldersTest {
  private static final int STRANGER = 54321;

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void open() throws IOException {
    file = Files.createDirectories(folder.resolve("config/models")).resolve("mine.yaml");
    Files.writeString(file, "x: y");
    Files.createDirectory(folder.resolve("inbox"));
  }

  private static void rights(Path path, String rights) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(rights));
  }

  private static void give(Path path) {
    try {
      Files.setAttribute(path, "unix:uid", STRANGER, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      assumeThat(e).as("only root gives files away").isNull();
    }
  }

  @Test
  void ownFilesAreObeyed() {
    assertThat(SteeringFolders.problems(folder, "")).isEmpty();
    assertThat(SteeringFolders.problems(folder.resolve("inbox"), "")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"config", "config/models", "config/models/mine.yaml", "config/link"})
  void whatBelongsToAStrangerIsNot(String what) throws IOException {
    if (what.endsWith("link")) {
      Files.createSymbolicLink(folder.resolve(what), file);
    }
    give(folder.resolve(what));

    assertThat(SteeringFolders.problems(folder, ""))
        .singleElement()
        .asString()
        .contains(what + " belongs to", "54321", "KLINGDROP_TRUSTED_OWNERS");
    assertThat(SteeringFolders.problems(folder, "me, 54321")).isEmpty();
    assertThat(SteeringFolders.problems(folder, "*")).isEmpty();
    assertThatThrownBy(() -> SteeringFolders.require(folder, Map.of()))
        .isInstanceOf(StartException.class);
    SteeringFolders.require(folder, Map.of("KLINGDROP_TRUSTED_OWNERS", "54321"));
  }

  @Test
  void aLinkOfOursToAStrangersFileIsNot() throws IOException {
    var routes = Files.createDirectory(folder.resolve("routes"));
    var theirs = Files.writeString(folder.resolve("inbox/evil.camel.yaml"), "- route: {}");
    give(theirs);
    Files.createSymbolicLink(routes.resolve("evil.camel.yaml"), theirs);

    assertThat(SteeringFolders.problems(folder, ""))
        .singleElement()
        .asString()
        .contains("routes/evil.camel.yaml belongs to");
  }

  @ParameterizedTest
  @CsvSource({
    "config, rwxrwxrwx",
    "config/models, rwxr-xrwx",
    "config/models/mine.yaml, rw-r--rw-",
    "'', rwxrwxrwx"
  })
  void whatOthersMayWriteToIsNot(String what, String rights) throws IOException {
    rights(folder.resolve(what), rights);

    assertThat(SteeringFolders.problems(folder, ""))
        .singleElement()
        .asString()
        .contains(what + " can be written to by others", "chmod go-w");
  }

  @Test
  void aGroupMayNotWriteUnlessItIsTheOwnersOwn() throws Exception {
    rights(file, "rw-rw-r--");
    var alone =
        Files.getOwner(file)
            .getName()
            .equals(Files.readAttributes(file, PosixFileAttributes.class).group().getName());
    assertThat(SteeringFolders.problems(folder, "").isEmpty()).isEqualTo(alone);

    try {
      Files.setAttribute(file, "unix:gid", STRANGER);
    } catch (IOException e) {
      assumeThat(e).isNull();
    }
    assertThat(SteeringFolders.problems(folder, "")).hasSize(1);
  }

  @Test
  void aWorkingFolderWithTheStickyBitIsFine() throws Exception {
    assertThat(new ProcessBuilder("chmod", "1777", folder.toString()).start().waitFor()).isZero();

    assertThat(SteeringFolders.problems(folder, "")).isEmpty();
  }

  @Test
  void noKeyGoesWhereSuchAFolderSaysAndNothingStarts() throws Exception {
    try (var kie = FakeKie.start();
        var place = new Workplace(folder, kie)) {
      rights(file, "rw-rw-rw-");

      assertThat(new DoctorChecks(place.settings()).run())
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.mark()).isEqualTo("FAULT");
                assertThat(finding.said()).contains("mine.yaml");
              });
      assertThatThrownBy(() -> new Klingdrop(place.settings()))
          .isInstanceOf(StartException.class)
          .hasMessageContaining("mine.yaml");
      assertThat(kie.createCalls()).isZero();
      assertThat(folder.resolve("data")).doesNotExist();
    }
  }
}
