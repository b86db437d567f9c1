package io.klingdrop.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The program as a process of its own, started as a user starts it: {@code java -jar}, so that the
 * manifest counts. Without a jar among the options it is the packaged one, or in a test that comes
 * before packaging the classes of this build. What goes to standard output and what goes to
 * standard error are kept apart.
 */
public final class AppProcess implements AutoCloseable {
  private final Process process;
  private final Path out;
  private final Path err;

  private AppProcess(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** Starts the program in a working folder; what it prints goes to files outside of it. */
  public static AppProcess start(Path folder, Map<String, String> environment, String... args)
      throws IOException {
    return start(folder, environment, List.of(), args);
  }

  /**
   * As {@link #start(Path, Map, String...)}, with options of its own for Java; {@code -jar} and a
   * jar may be the last of them.
   */
  public static AppProcess start(
      Path folder, Map<String, String> environment, List<String> options, String... args)
      throws IOException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var command =
        new ArrayList<>(
            List.of(
                java,
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-Dklingdrop.command=klingdrop"));
    var given = options.contains("-jar");
    if (!given) {
      // what Java has to say about prepared classes is no word of the program
      command.add("-Xlog:disable");
    }
    command.addAll(options);
    if (!given) {
      command.addAll(program());
    }
    command.addAll(List.of(args));
    var beside = folder.toAbsolutePath().getParent();
    var out = Files.createTempFile(beside, "klingdrop", ".out");
    var err = Files.createTempFile(beside, "klingdrop", ".err");
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().keySet().removeIf(key -> key.startsWith("KLINGDROP_"));
    builder.environment().putAll(environment);
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    return new AppProcess(builder.start(), out, err);
  }

  /**
   * The options for Java that start the program; {@code -jar} and the jar are the last two. In a
   * test that comes before packaging, it is a jar that leads to the classes of this build.
   */
  public static List<String> program() throws IOException {
    return PreparedProgram.options();
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
    Patience.await()
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

  /** SIGSTOP, and waits until it stands still. */
  public void suspend() throws IOException, InterruptedException {
    signal("-STOP");
    awaitSuspended();
  }

  /** Waits until it stands still, or has ended. */
  public void awaitSuspended() {
    Patience.await("a process that stands still").until(() -> !alive() || state().startsWith("T"));
  }

  /** SIGCONT. */
  public void resume() throws IOException, InterruptedException {
    signal("-CONT");
  }

  private void signal(String signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
  }

  private String state() throws IOException {
    var ps = new ProcessBuilder("ps", "-o", "stat=", "-p", Long.toString(process.pid())).start();
    try (var said = ps.inputReader()) {
      var line = said.readLine();
      return line == null ? "" : line.strip();
    }
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
  public int exitCode() throws InterruptedException {
    return exitCode(Patience.LONG);
  }

  /** As {@link #exitCode()}, for what takes longer still. */
  public int exitCode(Duration within) throws InterruptedException {
    if (!exited(within)) {
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

  /** Everything printed so far, first what went to standard output. */
  public String printed() {
    return read(out) + read(err);
  }

  /** What went to standard output so far: what a program that reads ours is given. */
  public String output() {
    return read(out);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
