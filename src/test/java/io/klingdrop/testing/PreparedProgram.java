package io.klingdrop.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The program to start, with the classes of a whole run prepared beside it, so that its many starts
 * cost little: the jar as it is shipped, or in a test that comes before packaging a jar that leads
 * to the classes it is made of.
 */
final class PreparedProgram {
  private static final String SHIPPED = System.getProperty("klingdrop.jar", "");

  private static @Nullable List<String> options;

  private PreparedProgram() {}

  /** The options to start it with; {@code -jar} and the jar are the last two. */
  static synchronized List<String> options() throws IOException {
    if (options == null) {
      var jar = SHIPPED.isEmpty() ? unpackaged() : Path.of(SHIPPED).toAbsolutePath();
      var archive = ClassArchive.option(jar, (making, temp) -> run(jar, making, temp));
      options = List.of(archive, "-jar", jar.toString());
    }
    return options;
  }

  private static Path unpackaged() throws IOException {
    var folder = Files.createDirectories(Path.of("target", "unpackaged").toAbsolutePath());
    try (var lock = ClassArchive.lock(folder.resolve("jar.lock"))) {
      assertThat(lock.isOpen()).isTrue();
      return UnpackagedJar.refreshed(folder);
    }
  }

  private static void run(Path jar, String making, Path temp) throws Exception {
    try (var site = new CrashSite(temp, List.of(making, "-jar", jar.toString()))) {
      site.drop(CrashFlow.SUCCESS).finish();
    }
  }
}
