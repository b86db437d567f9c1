package io.klingdrop.cli;

import io.klingdrop.control.StartException;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.ledger.Ledger;
import io.klingdrop.settings.ProviderSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The verbs that give an ended job another way. They write to the ledger and nothing else; the
 * running service sees the change at its next heartbeat.
 */
final class Redrive {

  private Redrive() {}

  /** The person did not agree to pay. */
  private static final class NotAgreed extends RuntimeException {}

  /** One change to one job; answers what to tell the person, or null if it does not apply. */
  @FunctionalInterface
  private interface Change {
    @Nullable String on(Job job, Ledger ledger);
  }

  private static int change(JobArgument argument, Change change) {
    return argument.with(
        (job, database) -> {
          String said;
          try {
            said = change.on(job, new Ledger(database, InstantSource.system()));
          } catch (NotAgreed e) {
            argument.out().println("Nothing was changed.");
            return Cli.USAGE;
          }
          if (said == null) {
            argument
                .err()
                .printf(
                    "%s does not apply to job %s (%s); see: klingdrop why %s%n",
                    argument.verb(), job.id(), standing(job), job.id());
            return Cli.USAGE;
          }
          argument.out().println(said);
          return Cli.FINE;
        });
  }

  private static String standing(Job job) {
    var failure = job.failure();
    return failure == null
        ? job.state().name()
        : job.state() + ", " + failure.failureClass().channel();
  }

  private static boolean failedAs(Job job, FailureClass... classes) {
    var failure = job.failure();
    return failure != null && java.util.List.of(classes).contains(failure.failureClass());
  }

  /** {@code recheck}: ask the provider about the task again. */
  @Command(
      name = "recheck",
      description = "Ask the provider about a job's task again (free).",
      mixinStandardHelpOptions = true)
  static final class Recheck implements Callable<Integer> {
    @Mixin private JobArgument argument = new JobArgument();

    @Override
    public Integer call() {
      return change(
          argument,
          (job, ledger) -> {
            if (job.state() == JobState.SUBMIT_UNKNOWN && findsTasks(job)) {
              ledger.lookup(job);
              return "The task of job %s is looked for at %s; nothing is paid."
                  .formatted(job.id(), job.provider());
            }
            if (job.state() == JobState.SUBMIT_UNKNOWN) {
              throw new StartException(
                  "Job %s has no task id to ask about. Look in the provider's task log, then: %s"
                      .formatted(job.id(), "klingdrop attach " + job.id() + " TASK_ID"));
            }
            if (job.state() != JobState.FAILED || job.taskId() == null) {
              return null;
            }
            ledger.redriven(job, JobState.RUNNING, "a person asked for a recheck");
            return "Task %s is asked about again; nothing is paid.".formatted(job.taskId());
          });
    }

    private static boolean findsTasks(Job job) {
      return Here.settings().provider(job.provider()).quirks().lookup()
          != ProviderSettings.Lookup.OFF;
    }
  }

  /** {@code redeliver}: fetch or deliver the paid video again. */
  @Command(
      name = "redeliver",
      description = "Fetch and deliver a job's paid video again (free).",
      mixinStandardHelpOptions = true)
  static final class Redeliver implements Callable<Integer> {
    @Mixin private JobArgument argument = new JobArgument();

    @Override
    public Integer call() {
      var folders = Here.settings().folders();
      return change(
          argument,
          (job, ledger) -> {
            if (failedAs(job, FailureClass.DELIVERY)
                && Files.exists(folders.work(job.id()).resolve("out").resolve("1"))) {
              ledger.redriven(job, JobState.FETCHED, "a person asked for delivery");
              return "The video of job " + job.id() + " is delivered again; nothing is paid.";
            }
            if (failedAs(job, FailureClass.RESULT, FailureClass.DELIVERY)) {
              ledger.redriven(job, JobState.GENERATED, "a person asked to fetch the result");
              return "The video of job " + job.id() + " is fetched again; nothing is paid.";
            }
            return null;
          });
    }
  }

  /** {@code resubmit}: pay again, knowingly. */
  @Command(
      name = "resubmit",
      description = "Submit a job again: THIS PAYS. Says what it costs and asks.",
      mixinStandardHelpOptions = true)
  static final class Resubmit implements Callable<Integer> {
    @Mixin private JobArgument argument = new JobArgument();

    @Option(names = "--yes", description = "do not ask")
    private boolean yes;

    @Override
    public Integer call() {
      return change(
          argument,
          (job, ledger) -> {
            if (!may(job)) {
              return null;
            }
            if (!yes && !agreed(job, argument.out())) {
              throw new NotAgreed();
            }
            ledger.redriven(job, JobState.READY, "a person asked to submit it again and pay");
            return "Job " + job.id() + " is submitted again.";
          });
    }

    private static boolean may(Job job) {
      var home = job.home();
      return (job.state() == JobState.SUBMIT_UNKNOWN
              || failedAs(
                  job,
                  FailureClass.GENERATION,
                  FailureClass.PROVIDER,
                  FailureClass.EXPIRED,
                  FailureClass.SUBMIT_UNKNOWN))
          && job.request() != null
          && home != null
          && job.files().stream().allMatch(file -> Files.exists(Path.of(home, file.name())));
    }

    private static boolean agreed(Job job, PrintWriter out) {
      out.printf(
          "Submitting job %s (%s) again costs %s. A task that exists already is paid for as well.%n",
          job.id(),
          job.path(),
          job.estimate() == null
              ? "an unknown number of credits"
              : "about " + job.estimate() + " credits");
      out.print("Type yes to pay: ");
      out.flush();
      try {
        var answer =
            new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()))
                .readLine();
        if (answer == null) {
          out.println();
          out.println("There is nobody to ask here; to pay without being asked, add --yes.");
        }
        return "yes".equalsIgnoreCase(answer == null ? "" : answer.strip());
      } catch (IOException e) {
        return false;
      }
    }
  }

  /** {@code attach}: bring the task id of a job whose answer was lost. */
  @Command(
      name = "attach",
      description = "Give a job with a lost answer the task id found at the provider (free).",
      mixinStandardHelpOptions = true)
  static final class Attach implements Callable<Integer> {
    @Mixin private JobArgument argument = new JobArgument();

    @Parameters(index = "1", paramLabel = "TASK_ID", description = "the provider's task id")
    private String taskId = "";

    @Override
    public Integer call() {
      return change(
          argument,
          (job, ledger) -> {
            if (job.state() != JobState.SUBMIT_UNKNOWN || taskId.isBlank()) {
              return null;
            }
            ledger.attached(job, taskId.strip());
            return "Job " + job.id() + " follows task " + taskId.strip() + " now; nothing is paid.";
          });
    }
  }

  /** {@code cancel}: stop a job here; a task that runs at the provider is still paid. */
  @Command(
      name = "cancel",
      description = "Stop a job here; a task the provider has accepted is still paid.",
      mixinStandardHelpOptions = true)
  static final class Cancel implements Callable<Integer> {
    @Mixin private JobArgument argument = new JobArgument();

    @Override
    public Integer call() {
      return change(
          argument,
          (job, ledger) -> {
            if (!job.state().mayBecome(JobState.CANCELLED)) {
              return null;
            }
            ledger.cancelled(job, "a person cancelled it");
            if (job.taskId() != null) {
              return "Job %s is cancelled here. Task %s goes on at the provider and is paid."
                  .formatted(job.id(), job.taskId());
            }
            return job.attempts() == 0
                ? "Job " + job.id() + " is cancelled; nothing was charged."
                : "Job "
                    + job.id()
                    + " is cancelled. A task may exist at the provider and be paid.";
          });
    }
  }
}
