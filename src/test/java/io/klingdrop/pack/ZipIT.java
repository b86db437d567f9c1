package io.klingdrop.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.docs.Links;
import io.klingdrop.files.Hashes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The installed form: the launcher finds everything from anywhere and makes its cache once. */
@DisabledOnOs(OS.WINDOWS)
final class ZipIT {
  private static final String FIRST = "first start with this Java";

  @TempDir Path folder;
  private Path home = Path.of("");
  private Path work = Path.of("");

  @BeforeEach
  void unpack() throws Exception {
    home = Shipped.unpacked(Files.createDirectory(folder.resolve("some where")));
    work = Files.createDirectory(folder.resolve("work"));
  }

  @Test
  void theSecondStartUsesTheCacheOfTheFirstAndABrokenOneStopsNone() throws Exception {
    var first = start(Map.of());
    assertThat(first.code()).describedAs(first.err()).isZero();
    assertThat(first.err()).contains(FIRST);
    assertThat(first.out()).containsPattern("klingdrop ready in \\d+ ms");
    var cache = onlyFile(home.resolve("cache"));
    assertThat(cache).isNotEmptyFile();

    var second = start(Map.of());

    assertThat(second.code()).isZero();
    assertThat(second.err()).doesNotContain(FIRST);
    assertThat(onlyFile(home.resolve("cache"))).isEqualTo(cache);

    Files.delete(cache);
    Files.writeString(cache, "no cache at all");

    var third = start(Map.of());

    assertThat(third.code()).describedAs(third.err()).isZero();
    assertThat(third.out()).containsPattern("klingdrop ready in \\d+ ms");
  }

  @Test
  void aLinkToTheLauncherFindsTheProgram() throws Exception {
    var link = Files.createSymbolicLink(folder.resolve("kd"), home.resolve("bin/klingdrop"));

    var ended = Shipped.run(work, Map.of(), List.of(link.toString(), "--version"));

    assertThat(ended.code()).describedAs(ended.err()).isZero();
    assertThat(ended.out()).startsWith("klingdrop ").doesNotContain("unpacked");
  }

  @Test
  void aChangedJarInExtIsNotServedFromAnOldCache() throws Exception {
    // any option will do; with this one two caches are made in half the time
    var options = Map.of("JAVA_OPTS", "-XX:TieredStopAtLevel=1");
    assertThat(start(options).err()).contains(FIRST);
    Files.copy(onlyJar("lib", "jspecify"), home.resolve("ext/more.jar"));
    Files.setLastModifiedTime(home.resolve("ext/more.jar"), FileTime.fromMillis(0));

    assertThat(start(options).err()).contains(FIRST);
  }

  @Test
  void theShippedCopiesAreNotMistakenForSettings() {
    assertThat(home.resolve("share/routes/submit.camel.yaml")).isRegularFile();
    assertThat(home.resolve("share/config/application.properties")).isRegularFile();
    assertThat(home.resolve("routes")).doesNotExist();
    assertThat(home.resolve("config")).doesNotExist();
    assertThat(home.resolve("ext/README.txt")).isRegularFile();
  }

  /** The one property that names Camel's version moves every part, the components to fetch too. */
  @Test
  void everyPartOfCamelIsOfOneVersion() throws Exception {
    var version = new DefaultCamelContext().getVersion();
    try (var lib = Files.list(home.resolve("lib"))) {
      assertThat(lib.map(jar -> jar.getFileName().toString()))
          .filteredOn(jar -> jar.startsWith("camel-"))
          .hasSizeGreaterThan(20)
          .allMatch(jar -> jar.endsWith("-" + version + ".jar"));
    }
    assertThat(home.resolve("share/components/pom.xml"))
        .content()
        .contains("<camel.version>" + version + "</camel.version>")
        .contains("<version>${camel.version}</version>");
  }

  @Test
  void bringsTheListOfLibrariesAndTheirLicences() {
    assertThat(home.resolve("THIRD-PARTY.txt")).content().contains("org.apache.camel:camel-main:");
    assertThat(home.resolve("LICENSE")).isRegularFile();
    assertThat(home.resolve("NOTICE")).content().contains("licenses/");
    assertThat(home.resolve("licenses/EPL-2.0.txt")).isNotEmptyFile();
  }

  /** Scanners look parts up by name and version; the hashes say that these are the ones. */
  @Test
  void theBillOfMaterialsNamesEveryLibraryByItsHash() throws Exception {
    var bill = home.resolve("klingdrop.cdx.json");
    assumeTrue(Files.exists(bill), "only mvn verify -Psbom writes the bill of materials");
    var listed = new TreeMap<String, String>();
    for (var part : new ObjectMapper().readTree(bill.toFile()).path("components")) {
      var purl = part.path("purl").asText().replaceFirst("\\?.*", "");
      assertThat(purl).startsWith("pkg:maven/");
      assertThat(part.path("licenses")).as(purl).isNotEmpty();
      for (var hash : part.path("hashes")) {
        if (hash.path("alg").asText().equals("SHA-256")) {
          listed.put(
              purl.replaceFirst(".*/", "").replace('@', '-') + ".jar",
              hash.path("content").asText());
        }
      }
    }
    var there = new TreeMap<String, String>();
    try (var jars = Files.list(home.resolve("lib"))) {
      for (var jar : jars.toList()) {
        there.put(jar.getFileName().toString(), Hashes.sha256(jar));
      }
    }
    assertThat(there.keySet()).filteredOn(name -> name.startsWith("klingdrop-")).hasSize(1);
    there.keySet().removeIf(name -> name.startsWith("klingdrop-"));
    assertThat(listed).isEqualTo(there);
  }

  @Test
  void bringsTheDocumentsAndAllTheyLeadTo() throws Exception {
    assertThat(home.resolve("docs/failures.md")).isRegularFile();
    assertThat(home.resolve("docs/settings.md")).isRegularFile();
    var links = Links.of(home);
    assertThat(links.all()).hasSizeGreaterThan(100);
    assertThat(links.broken()).isEmpty();
  }

  private Shipped.Ended start(Map<String, String> environment) throws Exception {
    var launcher = home.resolve("bin/klingdrop").toString();
    return Shipped.run(work, environment, List.of(launcher, "run", "--exit-when-idle"));
  }

  private static Path onlyFile(Path folder) throws Exception {
    try (var files = Files.list(folder)) {
      var all = files.toList();
      assertThat(all).hasSize(1);
      return all.get(0);
    }
  }

  private Path onlyJar(String place, String prefix) throws Exception {
    try (var files = Files.list(home.resolve(place))) {
      return files
          .filter(file -> String.valueOf(file.getFileName()).startsWith(prefix))
          .findFirst()
          .orElseThrow();
    }
  }
}
