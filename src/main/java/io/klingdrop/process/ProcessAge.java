package io.klingdrop.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * How long this process has been running. Java's own start instant is up to a second early on
 * Linux, where it is reckoned from the time of boot in whole seconds; the kernel's two clocks tell
 * it to a hundredth.
 */
public final class ProcessAge {
  private static final long TICKS_A_SECOND = 100;

  /** Field 22 of {@code /proc/self/stat}, counted behind the name, which may hold anything. */
  private static final int START = 19;

  private ProcessAge() {}

  /** The age now; zero where the system does not say when the process began. */
  public static Duration now() {
    try {
      var stat = Files.readString(Path.of("/proc/self/stat"));
      var uptime = Files.readString(Path.of("/proc/uptime"));
      return between(stat, uptime);
    } catch (IOException | RuntimeException e) {
      return ProcessHandle.current()
          .info()
          .startInstant()
          .map(start -> Duration.between(start, Instant.now()))
          .orElse(Duration.ZERO);
    }
  }

  /**
   * The age by these two texts of the kernel.
   *
   * @throws RuntimeException if one of them is of another form
   */
  static Duration between(String stat, String uptime) {
    var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    var started = Long.parseLong(fields[START]) * 1000 / TICKS_A_SECOND;
    var up = Math.round(Double.parseDouble(uptime.split(" ", -1)[0]) * 1000);
    return Duration.ofMillis(up - started);
  }
}
