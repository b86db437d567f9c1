package io.klingdrop.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the class path holds is not older than {@code advisories.csv} asks; needs no network. */
class AdvisoriesTest {

  static Stream<String> advisories() throws Exception {
    return Files.readAllLines(Path.of("src/test/resources/advisories.csv")).stream()
        .filter(line -> !line.startsWith("#") && !line.isBlank());
  }

  @ParameterizedTest
  @MethodSource("advisories")
  void noPartIsOlderThanItsFix(String advisory) {
    var field = advisory.split(",", 4);
    var found = versions(field[0], field[1]);

    assertThat(found).as("%s is gone: take its line out", field[1]).isNotEmpty();
    assertThat(found)
        .as(advisory)
        .allMatch(version -> Version.parse(version).compareTo(Version.parse(field[2])) >= 0);
  }

  /** Versions of that artifact on the class path, by the folders of the local repository. */
  private static List<String> versions(String group, String artifact) {
    var folder = "/" + group.replace('.', '/') + "/" + artifact + "/";
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(path -> path.replace(File.separatorChar, '/'))
        .filter(path -> path.contains(folder))
        .map(path -> Path.of(path).getParent().getFileName().toString())
        .map(version -> version.replace(".Final", ""))
        .toList();
  }
}
