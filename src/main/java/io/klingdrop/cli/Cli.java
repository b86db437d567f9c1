package io.klingdrop.cli;

import io.klingdrop.app.StartLines;
import io.klingdrop.job.Text;
import io.klingdrop.ledger.LedgerException;
import io.klingdrop.process.StartException;
import io.klingdrop.settings.SettingsException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code java -jar klingdrop.jar}: the verbs, and what their faults look like. */
@Command(
    name = "klingdrop",
    description = "Drop a portrait and a voice recording into a folder; get a talking video back.",
    mixinStandardHelpOptions = true,
    versionProvider = Cli.class,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:fine",
      "1:a job failed (sandbox, --exit-when-idle), files were left in the inbox for want of rights"
          + " (--exit-when-idle), or a verb was not done to some of several jobs",
      "2:wrong command line, wrong settings, a fault found by doctor, a verb that does not apply,"
          + " a resubmit nobody agreed to, or a second service on one data folder or of one node's"
          + " name",
      "3:memory ran out, or the database of a node was away for a minute; start it anew"
    },
    subcommands = {
      Run.class,
      Sandbox.class,
      Init.class,
      Plan.class,
      Doctor.class,
      HashPassword.class,
      Status.class,
      Why.class,
      Nodes.class,
      Outcomes.class,
      Redrive.Recheck.class,
      Redrive.Redeliver.class,
      Redrive.Resubmit.class,
      Redrive.Attach.class,
      Redrive.Cancel.class,
      LaneVerbs.Pause.class,
      LaneVerbs.Resume.class,
      Drain.class,
      Backup.class,
      Migrate.class
    })
public final class Cli implements Callable<Integer>, IVersionProvider {
  private static final String IDLE = "--exit-when-idle";

  @Option(
      names = IDLE,
      description = "stop when nothing is left to do; exit 1 if a job of this run failed")
  private boolean exitWhenIdle;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-C", "--folder"},
      paramLabel = "PATH",
      scope = ScopeType.INHERIT,
      description = "the folder with config/, routes/ and data/, instead of this one")
  void folder(Path path) {
    if (!Files.isDirectory(path)) {
      throw new ParameterException(spec.commandLine(), "there is no folder " + path);
    }
    Here.in(path);
  }

  /** Runs one command line; answers the exit code: 0 fine, 1 a job failed, 2 usage or set-up. */
  public static int run(String... args) {
    if (serves(args)) {
      // the service starts without the command line's own machinery, a few hundred classes
      var out = new PrintWriter(System.out, true, Charset.defaultCharset());
      try {
        return Run.serve(args.length > 0 && args[args.length - 1].equals(IDLE), out);
      } catch (Exception e) {
        return explain(e, new PrintWriter(System.err, true, Charset.defaultCharset()), true);
      }
    }
    return new CommandLine(new Cli())
        .setExecutionExceptionHandler(
            (e, command, parsed) -> explain(e, command.getErr(), serves(command)))
        .execute(args);
  }

  @Override
  public Integer call() throws Exception {
    return Run.serve(exitWhenIdle, spec.commandLine().getOut());
  }

  @Override
  public String[] getVersion() {
    return new String[] {"klingdrop " + StartLines.version()};
  }

  private static boolean serves(String... args) {
    return switch (String.join(" ", args)) {
      case "", "run", IDLE, "run " + IDLE -> true;
      default -> false;
    };
  }

  private static boolean serves(CommandLine command) {
    return command.getCommand() instanceof Run || command.getCommand() instanceof Cli;
  }

  private static int explain(Exception e, PrintWriter err, boolean serving) {
    var fault = fault(e);
    var ours = fault.problems.isEmpty();
    if (serving && Here.jsonLog()) {
      // what is watched by programs says it in its log
      var log = LoggerFactory.getLogger(Cli.class);
      if (ours) {
        log.error("{}{}", fault.headline, e, e);
      }
      fault.problems.forEach(problem -> log.error("{} {}", fault.headline, problem));
    } else if (ours) {
      err.println(fault.headline + e);
      e.printStackTrace(err);
    } else {
      err.println(fault.headline);
      fault.problems.forEach(problem -> err.println("  - " + problem));
    }
    return ours ? ExitCode.FAILED : ExitCode.USAGE;
  }

  /** What went wrong; no problems if it is a fault of the program itself. */
  private record Fault(String headline, List<String> problems) {}

  private static Fault fault(Exception e) {
    if (e instanceof SettingsException faults) {
      return new Fault("The configuration has faults; nothing was started:", faults.problems());
    }
    if (e instanceof StartException || e instanceof LedgerException) {
      return new Fault("klingdrop cannot do that:", lines(e));
    }
    var root = Text.root(e);
    if (root instanceof StartException) {
      return new Fault("klingdrop cannot start:", lines(root));
    }
    if (root.getClass().getName().startsWith("org.apache.camel")) {
      return new Fault(
          "A route is wrong; nothing was started:", List.of(String.valueOf(root.getMessage())));
    }
    return new Fault("klingdrop stopped on a fault of its own: ", List.of());
  }

  private static List<String> lines(Throwable e) {
    return String.valueOf(e.getMessage()).lines().toList();
  }
}
