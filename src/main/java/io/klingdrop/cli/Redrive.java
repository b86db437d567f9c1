package io.klingdrop.cli;

import io.klingdrop.job.Invocation;
import io.klingdrop.ledger.Ledger;
import io.klingdrop.redrive.Verbs;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Verbs that give a job another way by the ledger alone; a running service looks at it soon. */
final class Redrive {

  private Redrive() {}

  @Command(
      name = "recheck",
      description = {
        "Ask the provider about the tasks of jobs again (free).",
        "For failed jobs that have a task. A task whose answer was lost is looked for where the"
            + " provider can do that."
      },
      mixinStandardHelpOptions = true)
  static final class Recheck implements Callable<Integer> {
    @Mixin private Selection selection = new Selection();

    @Override
    public Integer call() {
      return Redrives.free(selection, queries -> new Verbs.Recheck(Here.settings()));
    }
  }

  @Command(
      name = "redeliver",
      description = {
        "Fetch and deliver the paid videos of jobs again (free).",
        "For the classes result and delivery."
      },
      mixinStandardHelpOptions = true)
  static final class Redeliver implements Callable<Integer> {
    @Mixin private Selection selection = new Selection();

    @Override
    public Integer call() {
      return Redrives.free(selection, queries -> new Verbs.Redeliver(Here.settings()));
    }
  }

  @Command(
      name = "resubmit",
      description = {
        "Submit jobs again: THIS PAYS. Says what it costs and asks once.",
        "Starts a second task; for the classes submit-unknown, generation, provider and expired."
            + " The files must still be in the failed folder, and the same content must not have"
            + " been dropped again."
      },
      mixinStandardHelpOptions = true)
  static final class Resubmit implements Callable<Integer> {
    @Mixin private Selection selection = new Selection();

    @Option(names = "--yes", description = "do not ask")
    private boolean yes;

    @Override
    public Integer call() {
      return Redrives.run(
          selection,
          Verbs.Resubmit::new,
          (jobs, settings, queries) -> {
            Spending.tell(jobs, settings, queries, selection.out());
            return yes || Spending.agreed(selection.out());
          });
    }
  }

  @Command(
      name = "attach",
      description = {
        "Give a job with a lost answer the task id found at the provider (free).",
        "For the class submit-unknown."
      },
      mixinStandardHelpOptions = true)
  static final class Attach implements Callable<Integer> {
    @Mixin private JobArgument argument = new JobArgument();

    @Parameters(index = "1", paramLabel = "TASK_ID", description = "the provider's task id")
    private String taskId = "";

    @Override
    public Integer call() {
      return argument.with(
          (job, database) -> {
            var id = taskId.strip();
            var verb = new Verbs.Attach(id);
            if (verb.objection(job).isPresent() || id.isEmpty()) {
              var said =
                  "attach does not apply to job %s: it is %s. See: klingdrop why %s"
                      .formatted(job.id(), Verbs.standing(job), job.id());
              argument.err().println(Invocation.in(said));
              return ExitCode.USAGE;
            }
            argument.out().println(verb.change(job, new Ledger(database, InstantSource.system())));
            return ExitCode.FINE;
          });
    }
  }

  @Command(
      name = "cancel",
      description = {
        "Stop jobs here; a task the provider has accepted is still paid.",
        "Not while createTask is under way. Without --class it takes only jobs that wait or run:"
            + " not what has failed, and not a video that is made and paid."
      },
      mixinStandardHelpOptions = true)
  static final class Cancel implements Callable<Integer> {
    @Mixin private Selection selection = new Selection();

    @Override
    public Integer call() {
      return Redrives.free(selection, Verbs.Cancel::new);
    }
  }
}
