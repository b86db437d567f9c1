package io.klingdrop.cli;

import io.klingdrop.control.StartException;
import io.klingdrop.ledger.LedgerException;
import io.klingdrop.settings.SettingsException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code java -jar klingdrop.jar}: the verbs, and what their faults look like. */
@Command(
    name = "klingdrop",
    description = "Drop a portrait and a voice recording into a folder; get a talking video back.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      Run.class,
      Sandbox.class,
      Init.class,
      Plan.class,
      Doctor.class,
      HashPassword.class,
      Status.class,
      Why.class,
      Outcomes.class,
      Redrive.Recheck.class,
      Redrive.Redeliver.class,
      Redrive.Resubmit.class,
      Redrive.Attach.class,
      Redrive.Cancel.class,
      LaneVerbs.Pause.class,
      LaneVerbs.Resume.class,
      Backup.class
    })
public final class Cli implements Callable<Integer> {
  static final int FINE = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;

  private static final String IDLE = "--exit-when-idle";

  @Option(
      names = IDLE,
      description = "stop when nothing is left to do; exit 1 if a job of this run failed")
  private boolean exitWhenIdle;

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Runs one command line; answers the exit code: 0 fine, 1 a job failed, 2 usage or set-up. */
  public static int run(String... args) {
    if (serves(args)) {
      // the service starts without the command line's own machinery, a few hundred classes
      var out = new PrintWriter(System.out, true, Charset.defaultCharset());
      try {
        return Run.serve(args.length > 0 && args[args.length - 1].equals(IDLE), out);
      } catch (Exception e) {
        return explain(e, new PrintWriter(System.err, true, Charset.defaultCharset()));
      }
    }
    return new CommandLine(new Cli())
        .setExecutionExceptionHandler((e, command, parsed) -> explain(e, command.getErr()))
        .execute(args);
  }

  @Override
  public Integer call() throws Exception {
    return Run.serve(exitWhenIdle, spec.commandLine().getOut());
  }

  private static boolean serves(String... args) {
    return switch (String.join(" ", args)) {
      case "", "run", IDLE, "run " + IDLE -> true;
      default -> false;
    };
  }

  private static int explain(Exception e, PrintWriter err) {
    if (e instanceof SettingsException faults) {
      list("The configuration has faults; nothing was started:", faults.problems(), err);
      return USAGE;
    }
    var message = String.valueOf(e.getMessage());
    if (e instanceof StartException || e instanceof LedgerException) {
      list("klingdrop cannot do that:", message.lines().toList(), err);
      return USAGE;
    }
    var root = rootOf(e);
    if (root instanceof StartException) {
      list("klingdrop cannot start:", String.valueOf(root.getMessage()).lines().toList(), err);
      return USAGE;
    }
    if (root.getClass().getName().startsWith("org.apache.camel")) {
      var said = String.valueOf(root.getMessage());
      list("A route is wrong; nothing was started:", List.of(said), err);
      return USAGE;
    }
    err.println("klingdrop stopped on a fault of its own: " + e);
    e.printStackTrace(err);
    return FAILED;
  }

  private static Throwable rootOf(Throwable e) {
    var root = e;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root;
  }

  private static void list(String headline, List<String> problems, PrintWriter err) {
    err.println(headline);
    problems.forEach(problem -> err.println("  - " + problem));
  }
}
