package io.klingdrop.cli;

import io.klingdrop.control.StartException;
import io.klingdrop.ledger.LedgerException;
import io.klingdrop.settings.SettingsException;
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
      Status.class,
      Why.class,
      Redrive.Recheck.class,
      Redrive.Redeliver.class,
      Redrive.Resubmit.class,
      Redrive.Attach.class,
      Redrive.Cancel.class
    })
public final class Cli implements Callable<Integer> {
  static final int FINE = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;

  @Option(
      names = "--exit-when-idle",
      description = "stop when nothing is left to do; exit 1 if a job of this run failed")
  private boolean exitWhenIdle;

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Runs one command line; answers the exit code: 0 fine, 1 a job failed, 2 usage or set-up. */
  public static int run(String... args) {
    return new CommandLine(new Cli())
        .setExecutionExceptionHandler((e, command, parsed) -> explain(e, command))
        .execute(args);
  }

  @Override
  public Integer call() throws Exception {
    return Run.serve(exitWhenIdle, spec.commandLine().getOut());
  }

  private static int explain(Exception e, CommandLine command) throws Exception {
    var err = command.getErr();
    if (e instanceof SettingsException faults) {
      err.println("The configuration has faults; nothing was started:");
      list(faults.problems(), command);
      return USAGE;
    }
    if (e instanceof StartException || e instanceof LedgerException) {
      err.println("klingdrop cannot do that:");
      list(String.valueOf(e.getMessage()).lines().toList(), command);
      return USAGE;
    }
    var root = rootOf(e);
    if (root instanceof org.apache.camel.CamelException
        || root instanceof org.apache.camel.RuntimeCamelException
        || root.getClass().getName().startsWith("org.apache.camel")) {
      err.println("A route is wrong; nothing was started:");
      list(List.of(String.valueOf(root.getMessage())), command);
      return USAGE;
    }
    throw e;
  }

  private static Throwable rootOf(Throwable e) {
    var root = e;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root;
  }

  private static void list(List<String> problems, CommandLine command) {
    problems.forEach(problem -> command.getErr().println("  - " + problem));
  }
}
