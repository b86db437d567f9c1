package io.klingdrop.bench;

import io.klingdrop.testing.FakeKie;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A way to start klingdrop: its command, and the Java it runs on. */
record Program(String name, Path javaHome, List<String> command) {

  /** A started one; ends with {@link #close}. */
  static final class Running implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;
    private final long begun = System.nanoTime();

    private Running(Process process) {
      this.process = process;
      out =
          new BufferedReader(
              new java.io.InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Waits for the ready line; answers the time since the process was made. */
    Duration awaitReady() throws IOException {
      for (var line = out.readLine(); line != null; line = out.readLine()) {
        if (line.contains("klingdrop ready in")) {
          var took = Duration.ofNanos(System.nanoTime() - begun);
          // what is written from now on must not fill the pipe
          var drain = new Thread(this::drain, "drain");
          drain.setDaemon(true);
          drain.start();
          return took;
        }
      }
      throw new IOException("ended before it was ready");
    }

    private void drain() {
      try {
        while (out.readLine() != null) {}
      } catch (IOException e) {
        // it ended
      }
    }

    boolean alive() {
      return process.isAlive();
    }

    Duration cpu() {
      return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Resident memory in MB of 1,000,000 bytes; Linux only. */
    long megabytes() throws IOException {
      try (var lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
        return lines
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024 / 1_000_000)
            .findFirst()
            .orElse(0);
      }
    }

    Duration awaitEnd() throws InterruptedException {
      process.waitFor();
      return Duration.ofNanos(System.nanoTime() - begun);
    }

    @Override
    public void close() {
      process.destroy();
      try {
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }

  Running start(Path folder, Map<String, String> settings, String... words) throws IOException {
    var all = new ArrayList<>(command);
    all.addAll(List.of(words));
    var builder = new ProcessBuilder(all).directory(folder.toFile());
    var environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("KLINGDROP_"));
    environment.put("KIE_API_KEY", "x");
    environment.put("JAVA_HOME", javaHome.toString());
    environment.putAll(settings);
    builder.redirectError(folder.resolveSibling("errors.log").toFile());
    return new Running(builder.start());
  }

  /** Settings that lead to a double and lift every limit of ours. */
  static Map<String, String> against(FakeKie kie) {
    var settings = new HashMap<String, String>();
    settings.put("KIE_API_KEY", kie.key());
    settings.put("KLINGDROP_PROVIDER_KIE_BASE_URL", kie.url().toString());
    settings.put("KLINGDROP_PROVIDER_KIE_UPLOAD_URL", kie.url().toString());
    settings.put("KLINGDROP_PROVIDER_KIE_CREATE_RATE", "10000/1s");
    settings.put("KLINGDROP_PROVIDER_KIE_POLL_RATE", "10000/1s");
    settings.put("KLINGDROP_PROVIDER_KIE_MAX_IN_FLIGHT", "1000");
    settings.put("KLINGDROP_RESULT_ALLOW_PRIVATE_HOSTS", "true");
    settings.put("KLINGDROP_INBOX_SETTLE", "1s");
    return settings;
  }
}
