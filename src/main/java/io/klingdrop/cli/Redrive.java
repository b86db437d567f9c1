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

/**
 * The verbs that give a job another way. They write to the ledger and nothing else; the running
 * service sees the change at its next heartbeat.
 */
final class Redrive {

  private Redrive() {}

  /** {@code recheck}: ask the provider about the task again. */
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
      return Redrives.run(
          selection, queries -> new Verbs.Recheck(Here.settings()), Redrives.Consent.FREE);
    }
  }

  /** {@code redeliver}: fetch or deliver the paid video again. */
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
      return Redrives.run(
          selection, queries -> new Verbs.Redeliver(Here.settings()), Redrives.Consent.FREE);
    }
  }

  /** {@code resubmit}: pay again, knowingly. */
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
            Payment.tell(jobs, settings, queries, selection.out());
            return yes || Payment.agreed(selection.out());
          });
    }
  }

  /** {@code attach}: bring the task id of a job whose answer was lost. */
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
              argument
                  .err()
                  .println(
                      Invocation.in(
                          "attach does not apply to job %s: it is %s. See: klingdrop why %s"
                              .formatted(job.id(), Verbs.standing(job), job.id())));
              return ExitCode.USAGE;
            }
            argument.out().println(verb.change(job, new Ledger(database, InstantSource.system())));
            return ExitCode.FINE;
          });
    }
  }

  /** {@code cancel}: stop a job here; a task that runs at the provider is still paid. */
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
      return Redrives.run(selection, Verbs.Cancel::new, Redrives.Consent.FREE);
    }
  }
}
