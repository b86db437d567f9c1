package io.klingdrop.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.klingdrop.app.Klingdrop;
import io.klingdrop.files.Private;
import io.klingdrop.job.Invocation;
import io.klingdrop.job.JobState;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.sandbox.SandboxProvider;
import io.klingdrop.sandbox.samples.SampleMedia;
import io.klingdrop.settings.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sandbox}: the same routes against a built-in provider, without a key. */
@Command(
    name = "sandbox",
    description = {
      "Run the same routes against a built-in provider, with samples and without a key.",
      "Everything it needs and makes is in the folder sandbox/."
    },
    mixinStandardHelpOptions = true)
final class Sandbox implements Callable<Integer> {
  private static final String HERE = "127.0.0.1";
  private static final int USUAL_PORT = 8080;
  private static final String TOP = "sandbox/";
  private static final String LEDGER = "klingdrop.db";

  @Option(names = "--serve", description = "keep running for files of your own, with the page")
  private boolean serve;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    var out = spec.commandLine().getOut();
    var data = Private.folder(Path.of(TOP + "data").toAbsolutePath());
    var before = Files.exists(data.resolve(LEDGER));
    try (var provider = SandboxProvider.start(data.resolve("provider"), 0)) {
      var settings = Here.settings(overrides(provider, serve ? port() : 0));
      var inbox = settings.folders().inbox();
      out.println("klingdrop sandbox: a provider of our own on " + provider.baseUrl());
      if (serve && before) {
        out.println("The samples were tried here before; what was under way goes on in " + inbox);
      } else {
        SampleMedia.write(inbox);
        out.println("Sample pairs are in " + inbox);
      }
      out.flush();
      return serve ? serve(settings, out) : show(settings, out);
    }
  }

  private static Map<String, String> overrides(SandboxProvider provider, int port) {
    var keys = new LinkedHashMap<String, String>();
    for (var folder : List.of("inbox", "outbox", "failed", "duplicates", "archive", "data")) {
      keys.put("klingdrop." + folder + ".dir", TOP + folder);
    }
    keys.put("klingdrop.work.dir", "{data}/work");
    keys.put("klingdrop.db.url", "jdbc:sqlite:{data}/" + LEDGER);
    keys.put("klingdrop.provider.kie.base-url", provider.baseUrl().toString());
    keys.put("klingdrop.provider.kie.upload-url", provider.baseUrl().toString());
    keys.put("klingdrop.provider.kie.api-key", "sandbox");
    for (var account : List.of("comet", "relay", "kling")) {
      keys.put("klingdrop.provider." + account + ".base-url", provider.klingUrl().toString());
      keys.put("klingdrop.provider." + account + ".api-key", "sandbox");
    }
    keys.put("klingdrop.http.port", Integer.toString(port));
    keys.put("klingdrop.http.host", HERE);
    keys.put("klingdrop.http.user", "");
    keys.put("klingdrop.http.password-hash", "");
    keys.put("klingdrop.callback.public-url", "");
    keys.put("klingdrop.result.allow-private-hosts", "true");
    keys.put("klingdrop.inbox.settle", "1s");
    keys.put("klingdrop.inbox.scan-period", "500ms");
    keys.put("klingdrop.poll.heartbeat", "500ms");
    keys.put("klingdrop.poll.first", "1s");
    keys.put("klingdrop.poll.min", "1s");
    keys.put("klingdrop.poll.max", "5s");
    return keys;
  }

  /** The usual port, or any other if somebody has it. */
  private static int port() throws IOException {
    try (var usual = new ServerSocket(USUAL_PORT, 1, InetAddress.getLoopbackAddress())) {
      return usual.getLocalPort();
    } catch (IOException taken) {
      try (var any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        return any.getLocalPort();
      }
    }
  }

  private static int serve(Settings settings, PrintWriter out) throws Exception {
    out.println("Drop pairs of your own there; stop with Ctrl-C. Prompt words such as [slow 20s],");
    out.println("[fail 501] or [two-results] ask for odd behaviour; docs/routes.md lists them.");
    out.flush();
    try (var klingdrop = new Klingdrop(settings)) {
      klingdrop.run(false);
    }
    return ExitCode.FINE;
  }

  private static int show(Settings settings, PrintWriter out) throws Exception {
    if (LoggerFactory.getLogger("io.klingdrop") instanceof Logger ours) {
      ours.setLevel(Level.ERROR);
    }
    var known = Set.copyOf(files(settings.folders().failed()));
    try (var klingdrop = new Klingdrop(settings)) {
      var before = klingdrop.queries().counts().byState();
      try (var progress = new Progress(klingdrop.queries(), out, Ansi.AUTO.enabled())) {
        progress.start();
        klingdrop.run(true);
        progress.finish();
      }
      return report(settings, klingdrop.queries(), before, known, out);
    }
  }

  private static int report(
      Settings settings,
      JobQueries queries,
      Map<JobState, Long> before,
      Set<Path> known,
      PrintWriter out)
      throws IOException {
    out.println();
    out.println("Videos:");
    list(settings.folders().outbox(), ".mp4", Set.of(), out);
    out.println("Failed on purpose, with the reason in error.txt:");
    list(settings.folders().failed(), "error.txt", known, out);
    var counts = queries.counts().byState();
    var duplicates = more(counts, before, JobState.DUPLICATE);
    if (duplicates > 0) {
      out.printf(
          "%d samples were here before: nothing was sent or paid again; see %s%n",
          duplicates, settings.folders().duplicates());
    }
    var ask =
        "To ask about these jobs, add: --folder sandbox, as in klingdrop status --folder sandbox.";
    out.println(Invocation.in(ask));
    var go = "To drop files of your own: klingdrop sandbox --serve. To go live: the README.";
    out.println(Invocation.in(go));
    var good = more(counts, before, JobState.DELIVERED) + duplicates;
    return good == 3 && more(counts, before, JobState.FAILED) == 1
        ? ExitCode.FINE
        : ExitCode.FAILED;
  }

  private static long more(Map<JobState, Long> now, Map<JobState, Long> before, JobState state) {
    return now.getOrDefault(state, 0L) - before.getOrDefault(state, 0L);
  }

  private static void list(Path tree, String ending, Set<Path> known, PrintWriter out)
      throws IOException {
    files(tree).stream()
        .filter(file -> file.getFileName().toString().endsWith(ending) && !known.contains(file))
        .forEach(file -> out.println("  " + file));
  }

  private static List<Path> files(Path tree) throws IOException {
    if (!Files.isDirectory(tree)) {
      return List.of();
    }
    try (var walk = Files.walk(tree)) {
      return walk.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
