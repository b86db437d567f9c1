package io.klingdrop.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** The program as a process of its own, started with this test's class path. */
public final class AppProcess implements AutoCloseable {
  private final Process process;
  private final Path log;

  private AppProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Starts the program in a working folder; what it prints goes to a file outside of it. */
  public static AppProcess start(Path folder, Map<String, String> environment, String... args)
      throws IOException {
    return start(folder, environment, List.of("-cp", System.getProperty("java.class.path")), args);
  }

  /** As {@link #start(Path, Map, String...)}, with a class path and options of its own for Java. */
  public static AppProcess start(
      Path folder, Map<String, String> environment, List<String> options, String... args)
      throws IOException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var command =
        new ArrayList<>(List.of(java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"));
    command.addAll(options);
    command.add("io.klingdrop.App");
    command.addAll(List.of(args));
    var log = Files.createTempFile(folder.toAbsolutePath().getParent(), "klingdrop", ".log");
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().keySet().removeIf(key -> key.startsWith("KLINGDROP_"));
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    return new AppProcess(builder.start(), log);
  }

  /** Waits for the line that says it is ready. */
  public AppProcess awaitReady() {
    awaitReadyOrEnd();
    if (!process.isAlive()) {
      throw new AssertionError("it ended instead of starting:\n" + printed());
    }
    return this;
  }

  /** Waits until it is ready or has ended, whichever comes first. */
  public void awaitReadyOrEnd() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> printed().contains("klingdrop ready in") || !process.isAlive());
  }

  /** Types this line, after which its input ends; null for an end at once. */
  public AppProcess typed(@Nullable String line) throws IOException {
    try (var input = process.outputWriter()) {
      if (line != null) {
        input.write(line + "\n");
      }
    }
    return this;
  }

  /** SIGKILL, and waits until it is gone. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** SIGTERM. */
  public void terminate() {
    process.destroy();
  }

  /**
   * Waits for its end.
   *
   * @throws AssertionError if it does not end in time
   */
  public int exitCode(Duration within) throws InterruptedException {
    if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("still running after " + within + ":\n" + printed());
    }
    return process.exitValue();
  }

  /** Gives it that long to end by itself; answers whether it did. */
  public boolean exited(Duration within) throws InterruptedException {
    return process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
  }

  public boolean alive() {
    return process.isAlive();
  }

  /** Everything printed so far. */
  public String printed() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
