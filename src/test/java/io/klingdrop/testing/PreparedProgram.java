package io.klingdrop.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The jar as it is shipped, with the classes of a whole run prepared beside it, so that its many
 * starts cost little. Prepared once for a build and a Java, by whoever comes first.
 */
final class PreparedJar {
  private static final String JAR = System.getProperty("klingdrop.jar", "");

  private static @Nullable List<String> options;

  private PreparedJar() {}

  /** Whether there is a packaged program to start at all. */
  static boolean exists() {
    return !JAR.isEmpty();
  }

  /** The options to start it with; {@code -jar} and the jar are the last two. */
  static synchronized List<String> options() throws IOException {
    if (options == null) {
      var archive = prepared();
      options = List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:disable", "-jar", JAR);
    }
    return options;
  }

  private static Path prepared() throws IOException {
    var jar = Path.of(JAR).toAbsolutePath();
    var archive = jar.resolveSibling("klingdrop-" + Runtime.version() + ".jsa");
    try (var channel =
            FileChannel.open(
                jar.resolveSibling("klingdrop-jsa.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        var lock = channel.lock()) {
      // two builds may share the jar; this one has it while the lock is held
      assertThat(lock.isValid()).isTrue();
      if (!Files.exists(archive)
          || Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(jar)) < 0) {
        prepare(jar, archive);
      }
    }
    return archive;
  }

  private static void prepare(Path jar, Path archive) throws IOException {
    var temp = Files.createTempDirectory(jar.getParent(), "prepare");
    var whole = temp.resolve("classes.jsa");
    try (var site =
        new CrashSite(temp, List.of("-XX:ArchiveClassesAtExit=" + whole, "-jar", jar.toString()))) {
      site.drop(CrashFlow.SUCCESS).finish();
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("the jar cannot be prepared", e);
    }
    Files.move(whole, archive, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
