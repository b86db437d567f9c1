package io.klingdrop.pack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipFile;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The single jar: nothing lost in merging, and it runs wherever it is copied. */
final class FatJarIT {
  @TempDir Path folder;

  @Test
  void offersAllThatTheSeparateJarsOffer() throws Exception {
    var lib = Shipped.unpacked(folder).resolve("lib");
    List<Path> separate;
    try (var jars = Files.list(lib)) {
      separate = jars.sorted().toList();
    }
    var thin = ServiceFiles.of(separate);
    var merged = ServiceFiles.of(List.of(Shipped.jar()));

    assertThat(merged.lines()).isEqualTo(thin.lines());
    assertThat(merged.names("component")).contains("file", "http", "quartz", "seda");
    assertThat(merged.names("language")).contains("simple");
    assertThat(merged.names("dataformat")).contains("jackson");
  }

  @Test
  void listsEveryTypeConverterOfTheSeparateJars() throws Exception {
    var loaders = ServiceFiles.CAMEL + "TypeConverterLoader";
    var merged = ServiceFiles.of(List.of(Shipped.jar())).lines().get(loaders);

    assertThat(lines(ServiceFiles.ALL_CONVERTERS)).isNotEmpty().isSubsetOf(merged);
    assertThat(merged).hasSizeGreaterThan(5).isSubsetOf(lines(ServiceFiles.ALL_CONVERTERS));
  }

  private static List<String> lines(String entry) throws IOException {
    try (var jar = new ZipFile(Shipped.jar().toFile())) {
      var text = jar.getInputStream(jar.getEntry(entry)).readAllBytes();
      return new String(text, StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
    }
  }

  @Test
  void carriesNoSignatureOfAJarThatWasMerged() throws Exception {
    try (var jar = new ZipFile(Shipped.jar().toFile())) {
      assertThat(jar.stream().map(Object::toString))
          .noneMatch(name -> name.matches("META-INF/[^/]*\\.(SF|DSA|RSA)"));
    }
  }

  @Test
  void namesTheVersionOfEachPart() throws Exception {
    try (var jar = new ZipFile(Shipped.jar().toFile())) {
      var parts =
          jar.stream()
              .map(Object::toString)
              .filter(name -> name.matches("META-INF/maven/.*/pom\\.properties"));
      assertThat(parts).anyMatch(name -> name.contains("netty-codec-http/"));
    }
    assertThat(lines("META-INF/maven/org.apache.camel/camel-base-engine/pom.properties"))
        .contains("version=" + new DefaultCamelContext().getVersion());
  }

  @Test
  void listsEveryPartWithItsLicence() throws Exception {
    var listed = lines("META-INF/THIRD-PARTY.txt");
    try (var lib = Files.list(Shipped.unpacked(folder).resolve("lib"))) {
      for (var jar : lib.map(file -> file.getFileName().toString()).toList()) {
        if (!jar.startsWith("klingdrop-")) {
          assertThat(listed)
              .as(jar)
              .anyMatch(
                  line ->
                      line.replaceAll(".*\\(\\S+?:(\\S+?):(\\S+) - .*", "$1-$2.jar").equals(jar));
        }
      }
    }
    assertThat(lines("META-INF/NOTICE")).anyMatch(line -> line.contains("THIRD-PARTY.txt"));
    assertThat(lines("META-INF/LICENSE")).anyMatch(line -> line.contains("Apache License"));
    for (var text : List.of("EPL-2.0", "MIT", "MIT-0", "BSD-2-Clause", "BSD-3-Clause")) {
      assertThat(lines("META-INF/licenses/" + text + ".txt")).as(text).isNotEmpty();
    }
  }

  @Test
  void tellsItsVersion() throws Exception {
    var ended = Shipped.jar(folder, "--version");

    assertThat(ended.code()).isZero();
    assertThat(ended.out()).matches("klingdrop \\d+\\.\\d+\\.\\d+\\S*\\R");
  }

  @Test
  void hasNoJobsInAnEmptyFolder() throws Exception {
    var ended = Shipped.jar(folder, "status");

    assertThat(ended.code()).isZero();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void startsInAnEmptyFolderAndStopsWhenIdle() throws Exception {
    var ended = Shipped.jar(folder, "run", "--exit-when-idle");

    assertThat(ended.err()).isEmpty();
    assertThat(ended.code()).isZero();
    assertThat(ended.out()).containsPattern("klingdrop ready in \\d+ ms");
  }

  @Test
  void startsWithTheFilesThatInitWrote() throws Exception {
    assertThat(Shipped.jar(folder, "init").code()).isZero();
    assertThat(folder.resolve("routes/intake.camel.yaml")).isRegularFile();
    assertThat(folder.resolve("config/application.properties")).isRegularFile();

    var ended = Shipped.jar(folder, "run", "--exit-when-idle");

    assertThat(ended.code()).describedAs(ended.out() + ended.err()).isZero();
    assertThat(ended.out()).containsPattern("klingdrop ready in \\d+ ms");
  }
}
