package io.klingdrop.pack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipFile;

/** The files that the build made, and how a person runs them. */
final class Shipped {
  private static final long PATIENCE_SECONDS = 300;

  private Shipped() {}

  /** What a finished program left behind. */
  record Ended(int code, String out, String err) {}

  static Path jar() {
    return file("klingdrop.jar");
  }

  static Path zip() {
    return file("klingdrop.zip");
  }

  private static Path file(String property) {
    var name = System.getProperty(property);
    if (name == null) {
      throw new IllegalStateException(property + " is not set; this runs in mvn verify");
    }
    return Path.of(name).toAbsolutePath();
  }

  /**
   * Runs {@code java -jar klingdrop.jar} in a folder, with a key that is no key; without the
   * optimizing compiler, which has nothing to win in a run this short.
   */
  static Ended jar(Path folder, String... words) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-jar");
    command.add(jar().toString());
    command.addAll(List.of(words));
    return run(folder, Map.of(), command);
  }

  static Ended run(Path folder, Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    var out = Files.createTempFile("klingdrop", ".out");
    var err = Files.createTempFile("klingdrop", ".err");
    try {
      var builder = new ProcessBuilder(command).directory(folder.toFile());
      builder.environment().keySet().removeIf(name -> name.startsWith("KLINGDROP_"));
      builder.environment().remove("JAVA_TOOL_OPTIONS");
      builder.environment().put("KIE_API_KEY", "x");
      builder.environment().put("KLINGDROP_HTTP_PORT", "0");
      builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
      builder.environment().putAll(environment);
      var process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError("still running: " + command + "\n" + Files.readString(out));
      }
      return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  /** Unpacks the zip as unzip does; answers the one folder in it. */
  static Path unpacked(Path folder) throws IOException {
    try (var zip = new ZipFile(zip().toFile(), StandardCharsets.UTF_8)) {
      for (var entry : zip.stream().filter(each -> !each.isDirectory()).toList()) {
        var file = folder.resolve(entry.getName());
        Files.createDirectories(file.resolveSibling("."));
        try (var in = zip.getInputStream(entry)) {
          Files.copy(in, file);
        }
        if (entry.getName().endsWith("/bin/klingdrop")) {
          Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
      }
    }
    try (var tops = Files.list(folder)) {
      return tops.findFirst().orElseThrow();
    }
  }
}
