package io.klingdrop.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The classes of a whole run of a program, kept beside its jar as Java reads them fastest
 * (application class-data sharing): for a program that tests start many times. Made once for a jar
 * and a Java, by whoever comes first; the others wait.
 */
final class ClassArchive {

  /** Runs the program once. */
  @FunctionalInterface
  interface Run {
    /**
     * Runs it to a regular end.
     *
     * @param option what Java is to be told, so that it writes the archive at its end
     * @param temp an empty folder, which stays
     */
    void once(String option, Path temp) throws Exception;
  }

  private ClassArchive() {}

  /** The option that makes Java read the archive of a jar; it is made before, if need be. */
  static String option(Path jar, Run run) throws IOException {
    var stem = jar.toString().replaceFirst("\\.jar$", "");
    var archive = Path.of(stem + "-" + Runtime.version() + ".jsa");
    try (var lock = lock(jar.resolveSibling("jsa.lock"))) {
      assertThat(lock.isOpen()).isTrue();
      if (!Files.exists(archive)
          || Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(jar)) < 0) {
        make(archive, run);
      }
    }
    return "-XX:SharedArchiveFile=" + archive;
  }

  /** Held until it is closed; whoever else wants it waits. For one thread of a process. */
  static FileChannel lock(Path file) throws IOException {
    var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    channel.lock();
    return channel;
  }

  private static void make(Path archive, Run run) throws IOException {
    var temp = Files.createTempDirectory(archive.getParent(), "prepare");
    var whole = temp.resolve("classes.jsa");
    try {
      run.once("-XX:ArchiveClassesAtExit=" + whole, temp);
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("no archive of classes: " + archive, e);
    }
    Files.move(whole, archive, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
