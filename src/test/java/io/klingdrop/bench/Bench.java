package io.klingdrop.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.testing.Endpoint;
import io.klingdrop.testing.FakeKie;
import io.klingdrop.testing.Http;
import io.klingdrop.testing.TestMedia;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Prints a table of figures. Arguments: a scratch folder, {@code klingdrop.jar}, the launcher of
 * the unpacked zip, then one or more Java homes; load figures are taken with the first. {@code
 * -Donly=starts}, {@code -Donly=load}, {@code -Donly=limits} and {@code -Donly=callbacks} print a
 * part.
 */
public final class Bench {
  private static final int STARTS = 5;
  private static final int PAIRS = 1_000;
  private static final int STRANGERS = 50_000;
  private static final int TOLD = 500;
  private static final int STRANGE_CALLS = 1_000;

  private final Path scratch;
  private int folders;

  private Bench(Path scratch) {
    this.scratch = scratch;
  }

  public static void main(String[] args) throws Exception {
    var bench = new Bench(Path.of(args[0]).toAbsolutePath());
    var jar = Path.of(args[1]).toAbsolutePath().toString();
    var launcher = Path.of(args[2]).toAbsolutePath().toString();
    var programs = new ArrayList<Program>();
    for (var home : Arrays.copyOfRange(args, 3, args.length)) {
      var java = Path.of(home);
      var name = String.valueOf(java.getFileName());
      programs.add(new Program("jar, " + name, java, List.of(home + "/bin/java", "-jar", jar)));
      programs.add(new Program("launcher, " + name, java, List.of(launcher)));
    }
    var only = System.getProperty("only", "");
    if (only.equals("limits")) {
      bench.limits(programs.get(1));
      return;
    }
    if (only.equals("callbacks")) {
      bench.callbacks(programs.get(1));
      return;
    }
    if (only.equals("load")) {
      bench.throughput(programs.get(1));
      bench.inFlight(programs.get(1));
      return;
    }
    for (var program : programs) {
      bench.starts(program);
    }
    if (only.equals("starts")) {
      return;
    }
    for (var program : programs) {
      bench.verbs(program);
    }
    var service = programs.get(1);
    bench.latency(service);
    bench.scan(service);
    bench.throughput(service);
    bench.inFlight(service);
    bench.limits(service);
    bench.callbacks(service);
  }

  private void starts(Program program) throws Exception {
    try (var first = program.start(folder(), Map.of())) {
      first.awaitReady();
    }
    var times = new long[STARTS];
    for (int i = 0; i < STARTS; i++) {
      try (var running = program.start(folder(), Map.of())) {
        times[i] = running.awaitReady().toMillis();
      }
    }
    row("start to ready, " + program.name(), median(times) + " ms");
    try (var running = program.start(folder(), Map.of())) {
      running.awaitReady();
      pause(20);
      row("idle memory after 20 s, " + program.name(), running.megabytes() + " MB");
    }
  }

  private void verbs(Program program) throws Exception {
    try (var kie = FakeKie.start()) {
      var settings = Program.against(kie);
      var folder = folder();
      pairs(folder, 1);
      program.start(folder, settings, "run", "--exit-when-idle").awaitEnd();
      for (var verb : List.of("--version", "status", "why pair-0", "plan")) {
        var times = new long[STARTS];
        for (int i = 0; i < STARTS; i++) {
          times[i] = program.start(folder, settings, verb.split(" ")).awaitEnd().toMillis();
        }
        row(verb + ", " + program.name(), median(times) + " ms");
      }
    }
  }

  private void latency(Program program) throws Exception {
    row("drop to createTask less settle", dropToCreate(program, folder()) + " ms");
  }

  private void scan(Program program) throws Exception {
    var folder = folder();
    var inbox = Files.createDirectories(folder.resolve("inbox/avatar"));
    for (int i = 0; i < STRANGERS; i++) {
      Files.createFile(inbox.resolve("report-" + i + (i % 2 == 0 ? ".pdf" : ".mov")));
    }
    try (var running = program.start(folder, Map.of())) {
      running.awaitReady();
      pause(20);
      var before = running.cpu();
      pause(20);
      var used = running.cpu().minus(before).toMillis() / 20.0;
      row("processor time a second, 50,000 strange files", format("%.0f ms", used));
      row("memory, 50,000 strange files", running.megabytes() + " MB");
    }
    row("drop to createTask less settle, among them", dropToCreate(program, folder) + " ms");
  }

  private long dropToCreate(Program program, Path folder) throws Exception {
    try (var kie = FakeKie.start();
        var running = program.start(folder, Program.against(kie))) {
      running.awaitReady();
      var inbox = Files.createDirectories(folder.resolve("inbox/avatar"));
      pause(10);
      var times = new long[STARTS];
      for (int i = 0; i < STARTS; i++) {
        TestMedia.pair(inbox, "drop-" + i, 77 + i);
        var dropped = Instant.now();
        while (kie.accepted().size() <= i) {
          pauseMillis(2);
        }
        times[i] = Duration.between(dropped, Instant.now()).toMillis() - 1_000;
      }
      return median(times);
    }
  }

  private void throughput(Program program) throws Exception {
    try (var kie = FakeKie.start()) {
      var folder = folder();
      pairs(folder, PAIRS);
      try (var running = program.start(folder, Program.against(kie), "run", "--exit-when-idle")) {
        running.awaitReady();
        var cpu = Duration.ZERO;
        long most = 0;
        while (running.alive()) {
          var now = running.cpu();
          cpu = now.compareTo(cpu) > 0 ? now : cpu;
          try {
            most = Math.max(most, running.megabytes());
          } catch (IOException e) {
            break;
          }
          pauseMillis(50);
        }
        var wall = running.awaitEnd();
        row("1,000 pairs, tasks accepted", kie.accepted().size() + "");
        row("1,000 pairs, processor time", format("%.1f s", cpu.toMillis() / 1000.0));
        row("1,000 pairs, from start to end", format("%.1f s", wall.toMillis() / 1000.0));
        row("1,000 pairs, most memory", most + " MB");
      }
    }
  }

  private void inFlight(Program program) throws Exception {
    try (var kie = FakeKie.start()) {
      kie.holdTasks();
      var folder = folder();
      pairs(folder, PAIRS);
      try (var running = program.start(folder, Program.against(kie))) {
        running.awaitReady();
        var patience = Instant.now().plusSeconds(180);
        while (kie.accepted().size() < PAIRS && Instant.now().isBefore(patience)) {
          pauseMillis(200);
        }
        pause(20);
        row("tasks in flight", kie.accepted().size() + "");
        row("memory with these in flight", running.megabytes() + " MB");
        var before = running.cpu();
        pause(10);
        var used = running.cpu().minus(before).toMillis() / 10.0;
        row("processor time a second with these in flight", format("%.0f ms", used));
      }
    }
  }

  /** Shipped settings against kie.ai's limits of 2026: 20 createTask in 10 s, 100 running, 10/s. */
  private void limits(Program program) throws Exception {
    try (var kie = FakeKie.start()) {
      kie.taskTime(Duration.ofSeconds(30));
      kie.limitCreates(20, Duration.ofSeconds(10));
      kie.limitPolls(10, Duration.ofSeconds(1));
      kie.limitRunning(100);
      var settings = new HashMap<>(Program.against(kie));
      settings.keySet().removeIf(key -> key.endsWith("_RATE") || key.endsWith("_IN_FLIGHT"));
      var folder = folder();
      pairs(folder, PAIRS);
      try (var running = program.start(folder, settings, "run", "--exit-when-idle")) {
        running.awaitReady();
        running.awaitEnd();
      }
      var created = kie.callTimes(Endpoint.CREATE_TASK).stream().sorted().toList();
      var took = Duration.between(created.get(0), created.get(created.size() - 1)).toMillis();
      var rate = (created.size() - 1) * 10_000.0 / took;
      row("1,000 pairs at real limits, tasks accepted", kie.accepted().size() + "");
      row("1,000 pairs at real limits, refusals (429)", kie.rejections429() + "");
      row("1,000 pairs at real limits, most running", kie.maxRunning() + "");
      row("1,000 pairs at real limits, createTask in 10 s of 18", format("%.2f", rate));
      row(
          "1,000 pairs at real limits, recordInfo a job",
          format("%.1f", kie.recordInfoCalls() / (double) PAIRS));
    }
  }

  /** Told jobs, alone and while strangers call a thousand times a second. */
  private void callbacks(Program program) throws Exception {
    for (int strangers : List.of(0, STRANGE_CALLS)) {
      var name = TOLD + " told jobs, " + strangers + " strange calls a second, ";
      try (var kie = FakeKie.start()) {
        kie.taskTime(Duration.ofSeconds(10));
        var settings = new HashMap<>(Program.against(kie));
        var port = Http.freePort();
        settings.put("KLINGDROP_HTTP_PORT", String.valueOf(port));
        settings.put("KLINGDROP_CALLBACK_PUBLIC_URL", "http://127.0.0.1:" + port);
        settings.put("KLINGDROP_PROVIDER_KIE_CREATE_RATE", "20/1s");
        var folder = folder();
        try (var running = program.start(folder, settings)) {
          running.awaitReady();
          try (var flood = new Flood(port, strangers)) {
            pause(10);
            var before = running.cpu();
            pairs(folder, TOLD);
            var told = new HashMap<String, Instant>();
            var micros = tell(kie, told);
            var lags = awaitVideos(folder.resolve("outbox"), told);
            row(name + "calls answered a second", flood.rate() + "");
            row(name + "strangers believed", flood.taken() + "");
            if (strangers > 0) {
              row(name + "answer to a stranger, median", flood.micros(0.5) / 1_000.0 + " ms");
              row(name + "answer to a stranger, 99 %", flood.micros(0.99) / 1_000.0 + " ms");
            }
            row(name + "answer to kie, median", quantile(micros, 0.5) / 1_000.0 + " ms");
            row(name + "answer to kie, 99 %", quantile(micros, 0.99) / 1_000.0 + " ms");
            row(name + "told to delivered, median", quantile(lags, 0.5) + " ms");
            row(name + "told to delivered, 99 %", quantile(lags, 0.99) + " ms");
            var cpu = running.cpu().minus(before).toMillis() / 1000.0;
            row(name + "processor time", format("%.1f s", cpu));
            var calls = kie.recordInfoCalls() / (double) TOLD;
            row(name + "recordInfo a job", format("%.2f", calls));
          }
        }
      }
    }
  }

  /** Calls back for each task that ended; answers how long each answer took, in microseconds. */
  private static List<Long> tell(FakeKie kie, Map<String, Instant> told) throws Exception {
    var micros = new ArrayList<Long>();
    while (told.size() < TOLD) {
      for (var task : List.copyOf(kie.accepted())) {
        var over = task.at().plusSeconds(10).isBefore(Instant.now());
        if (over && !told.containsKey(task.taskId())) {
          told.put(task.taskId(), Instant.now());
          var sent = System.nanoTime();
          kie.callBack(task.taskId());
          micros.add((System.nanoTime() - sent) / 1_000);
        }
      }
      pauseMillis(10);
    }
    return micros;
  }

  /** Milliseconds from the word of the provider to the video, of every job. */
  private static List<Long> awaitVideos(Path outbox, Map<String, Instant> told) throws Exception {
    var lags = new ArrayList<Long>();
    var json = new ObjectMapper();
    for (int i = 0; i < TOLD; i++) {
      var note = outbox.resolve("avatar/pair-" + i + ".json");
      while (!Files.exists(note)) {
        pauseMillis(50);
      }
      var video = json.readTree(note.toFile());
      var delivered = Instant.parse(video.path("deliveredAt").textValue());
      lags.add(Duration.between(told.get(video.path("taskId").textValue()), delivered).toMillis());
    }
    return lags;
  }

  static long quantile(List<Long> figures, double share) {
    var sorted = figures.stream().sorted().toList();
    return sorted.isEmpty()
        ? 0
        : sorted.get((int) Math.min(sorted.size() - 1, sorted.size() * share));
  }

  private Path folder() throws IOException {
    return Files.createDirectories(scratch.resolve("w" + folders++));
  }

  private static void pairs(Path folder, int count) throws IOException {
    var inbox = Files.createDirectories(folder.resolve("inbox/avatar"));
    for (int i = 0; i < count; i++) {
      TestMedia.pair(inbox, "pair-" + i, 1_000L + i);
    }
  }

  private static long median(long[] times) {
    return LongStream.of(times).sorted().toArray()[times.length / 2];
  }

  private static void pause(int seconds) throws InterruptedException {
    pauseMillis(seconds * 1_000L);
  }

  private static void pauseMillis(long millis) throws InterruptedException {
    Thread.sleep(millis);
  }

  private static String format(String pattern, double figure) {
    return String.format(Locale.ROOT, pattern, figure);
  }

  private static void row(String what, String figure) {
    System.out.printf("| %-80s | %10s |%n", what, figure);
  }
}
