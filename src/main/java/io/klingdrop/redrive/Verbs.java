package io.klingdrop.redrive;

import io.klingdrop.budget.DailySpending;
import io.klingdrop.files.PlainNames;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.job.Move;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.Ledger;
import io.klingdrop.settings.ProviderSettings.Lookup;
import io.klingdrop.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** What each verb may be done to, and what it does. */
public final class Verbs {

  private Verbs() {}

  /** State and failure class of a job, as people know them. */
  public static String standing(Job job) {
    var failure = job.failure();
    return failure == null
        ? job.state().name()
        : job.state() + ", " + failure.failureClass().channel();
  }

  /** What is said where a verb does not apply to a job as it stands. */
  public static String itIs(Job job) {
    return "it is " + standing(job) + ".";
  }

  private static Optional<String> objectionUnless(boolean applies, Job job) {
    return applies ? Optional.empty() : Optional.of(itIs(job));
  }

  private static boolean failedAs(Job job, Set<FailureClass> classes) {
    var failure = job.failure();
    return failure != null && classes.contains(failure.failureClass());
  }

  /** {@code recheck}. */
  public record Recheck(Settings settings) implements Verb {
    @Override
    public Optional<String> objection(Job job) {
      if (job.state() != JobState.SUBMIT_UNKNOWN) {
        return objectionUnless(job.state() == JobState.FAILED && job.taskId() != null, job);
      }
      return settings.provider(job.provider()).quirks().lookup() != Lookup.OFF
          ? Optional.empty()
          : Optional.of(
              "it has no task id to ask about. Look in the provider's task log, then: klingdrop"
                  + " attach %s TASK_ID.".formatted(job.id()));
    }

    @Override
    public String says(Job job) {
      return job.taskId() == null
          ? "looks for its task at " + job.provider() + ", free"
          : "asks about task " + job.taskId() + ", free";
    }

    @Override
    public String change(Job job, Ledger ledger) {
      if (job.state() == JobState.SUBMIT_UNKNOWN) {
        ledger.lookup(job);
        return "The task of job %s is looked for at %s; nothing is paid."
            .formatted(job.id(), job.provider());
      }
      ledger.rechecked(job, "a person asked for a recheck");
      return "Task %s of job %s is asked about again; nothing is paid."
          .formatted(job.taskId(), job.id());
    }
  }

  /** {@code redeliver}. */
  public record Redeliver(Settings settings) implements Verb {
    private static final Set<FailureClass> MADE =
        Set.of(FailureClass.RESULT, FailureClass.DELIVERY);

    @Override
    public Optional<String> objection(Job job) {
      return objectionUnless(failedAs(job, MADE), job);
    }

    @Override
    public String says(Job job) {
      return here(job) ? "delivers its video, free" : "fetches and delivers its video, free";
    }

    private boolean here(Job job) {
      return failedAs(job, Set.of(FailureClass.DELIVERY))
          && Files.exists(settings.folders().work(job.id()).resolve("out").resolve("1"));
    }

    @Override
    public String change(Job job, Ledger ledger) {
      if (here(job)) {
        ledger.redelivered(job, "a person asked for delivery");
        return "The video of job " + job.id() + " is delivered again; nothing is paid.";
      }
      ledger.refetched(job, "a person asked to fetch the result");
      return "The video of job " + job.id() + " is fetched again; nothing is paid.";
    }
  }

  /** {@code resubmit}. */
  public record Resubmit(JobQueries queries) implements Verb {
    private static final Set<FailureClass> CLASSES =
        Set.of(
            FailureClass.GENERATION,
            FailureClass.PROVIDER,
            FailureClass.EXPIRED,
            FailureClass.SUBMIT_UNKNOWN);

    @Override
    public Optional<String> objection(Job job) {
      var home = job.home();
      if (!failedAs(job, CLASSES) || job.content().request() == null || home == null) {
        return Optional.of(itIs(job));
      }
      var next = queries.successor(job);
      if (next.isPresent()) {
        return Optional.of(
            "the same content was dropped again and is job %s, %s."
                .formatted(next.get().id(), standing(next.get())));
      }
      return job.files().stream()
              .allMatch(file -> Files.exists(PlainNames.find(Path.of(home), file.name())))
          ? Optional.empty()
          : Optional.of("its files are no longer in " + home + ".");
    }

    @Override
    public boolean pays() {
      return true;
    }

    @Override
    public String effect(Job job) {
      return job.cost().estimate() == null ? "costs-unknown" : "costs";
    }

    @Override
    public String says(Job job) {
      var estimate = job.cost().estimate();
      return estimate == null
          ? "costs an unknown number of credits"
          : "costs about " + DailySpending.text(estimate) + " credits";
    }

    @Override
    public String change(Job job, Ledger ledger) {
      ledger.resubmitted(job, "a person asked to submit it again and pay");
      return "Job " + job.id() + " is submitted again.";
    }
  }

  /** {@code attach}: gives a job with a lost answer its task. */
  public record Attach(String taskId) implements Verb {
    @Override
    public Optional<String> objection(Job job) {
      return objectionUnless(job.state() == JobState.SUBMIT_UNKNOWN, job);
    }

    @Override
    public String says(Job job) {
      return "follows task " + taskId + ", free";
    }

    @Override
    public String change(Job job, Ledger ledger) {
      ledger.attached(job, taskId);
      return "Job " + job.id() + " follows task " + taskId + " now; nothing is paid.";
    }
  }

  /** {@code cancel}. */
  public record Cancel(JobQueries queries) implements Verb {
    @Override
    public Optional<String> objection(Job job) {
      return objectionUnless(Move.CANCEL.mayBegin(job.state()), job);
    }

    /** What failed has stopped, and what is made and paid is about to be delivered. */
    @Override
    public boolean sweeps(Job job) {
      return switch (job.state()) {
        case CLAIMED, READY, RUNNING -> true;
        case SUBMITTING, SUBMIT_UNKNOWN, GENERATED, FETCHED -> false;
        case DELIVERED, FAILED, CANCELLED, DUPLICATE -> false;
      };
    }

    @Override
    public String effect(Job job) {
      return job.state() == JobState.RUNNING
          ? "cancel-running"
          : "cancel-" + queries.history().charged(job).word();
    }

    @Override
    public String says(Job job) {
      return job.state() == JobState.RUNNING
          ? "stops here; task " + job.taskId() + " goes on at the provider and is paid"
          : switch (queries.history().charged(job)) {
            case NO -> "stops; nothing is charged";
            case YES -> "stops here; what was paid stays paid";
            case UNKNOWN -> "stops here; a task may exist at the provider and be paid";
          };
    }

    @Override
    public String change(Job job, Ledger ledger) {
      var says = says(job);
      ledger.cancelled(job, "a person cancelled it");
      return "Job " + job.id() + " is cancelled: it " + says + ".";
    }
  }
}
