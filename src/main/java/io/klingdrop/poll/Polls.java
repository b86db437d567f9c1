package io.klingdrop.poll;

import io.klingdrop.catalogue.Model;
import io.klingdrop.catalogue.Profile;
import io.klingdrop.fault.CrashPoint;
import io.klingdrop.job.Charged;
import io.klingdrop.job.Failure;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.ledger.CallbackRows;
import io.klingdrop.ledger.Due;
import io.klingdrop.ledger.LedgerException;
import io.klingdrop.ledger.RunTimes;
import io.klingdrop.provider.Meaning;
import io.klingdrop.provider.Refusal;
import io.klingdrop.provider.TaskReport;
import io.klingdrop.stage.StageContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at accepted tasks. Only the provider's own terminal word, its not knowing the task for
 * longer than the grace, or the end of its retention ends a task; nothing else does. Thread-safe.
 */
public final class Polls {
  private static final Logger LOG = LoggerFactory.getLogger(Polls.class);
  private static final Duration LEASE = Duration.ofMinutes(5);

  private final StageContext context;
  private final Learned learned;
  private final Schedule schedule;

  /**
   * The bean of {@code routes/poll.camel.yaml}, with what earlier runs have taught.
   *
   * @param chance gives numbers from 0 to 1, from any thread
   * @throws LedgerException if the run times cannot be read
   */
  public Polls(StageContext context, DoubleSupplier chance) {
    var settings = context.settings().poll();
    this.context = context;
    this.learned = new Learned(new RunTimes(context.database()), settings.first());
    this.schedule = new Schedule(settings, chance);
    var silent =
        new SilentAccounts(
            new CallbackRows(context.database()), context.settings(), context.clock());
    context.callbacks().onSilence(silent::lookNow);
  }

  /** When a task that the provider accepts now is first looked at. Only reads memory. */
  public Instant firstLook(Job job) {
    if (context.callbacks().told(job.id())) {
      return context.clock().instant();
    }
    var expected = learned.expect(job);
    return context
        .clock()
        .instant()
        .plus(
            context.callbacks().expected(job)
                ? schedule.firstUntold(expected)
                : schedule.first(expected));
  }

  /**
   * How long the job's task usually takes, learned from finished ones or as its model's file says;
   * empty for a model that is not known. Only reads memory.
   */
  public Optional<Duration> usual(Job job) {
    return learned
        .usual(job)
        .or(() -> context.catalogue().model(job.provider(), job.model()).map(Model::expected));
  }

  /** Claims the tasks that are due, as many as the account may be asked about in one heartbeat. */
  public List<Job> claimDue() {
    var jobs = new ArrayList<Job>();
    for (var account : context.providers().all()) {
      if (context.node().owns(account.name()) && context.lanes().mayPoll(account.name())) {
        var due = new Due(Set.of(JobState.RUNNING), account.name(), Set.of(), false, 32);
        jobs.addAll(context.claims().claimDue(due, LEASE));
      }
    }
    return jobs;
  }

  /**
   * One look at one task, and what it means committed.
   *
   * @return the job: RUNNING still, GENERATED, FAILED, or READY where its profile allows another
   *     attempt
   */
  public Job check(Job job) {
    if (!context.node().owns(job.provider())) {
      return context.claims().released(job, context.clock().instant());
    }
    if (!context.lanes().mayPoll(job.provider())) {
      return context
          .claims()
          .released(job, context.clock().instant().plus(context.settings().lane().probeMin()));
    }
    var asked = context.clock().instant();
    CrashPoint.at("poll.before-record-info");
    var report =
        context.providers().account(job.provider()).gateway().recordInfo(job.model(), job.task());
    CrashPoint.at("poll.record-info-answered");
    if (report instanceof TaskReport.Working working) {
      return goesOn(job, working.word(), asked);
    }
    if (report instanceof TaskReport.Done done) {
      LOG.info("{}: generated", job.label());
      var generated = context.ledger().generated(job, done.urls(), done.credits());
      CrashPoint.at("poll.generated-committed");
      learned.finished(job, generated, done.took());
      context.callbacks().found(job, ago(job, done.took()));
      return generated;
    }
    if (report instanceof TaskReport.Ended ended) {
      context.callbacks().found(job, null);
      return failed(job, ended.refusal(), ended.credits());
    }
    if (report instanceof TaskReport.NotKnown notKnown) {
      return notKnown(job, notKnown.said());
    }
    if (report instanceof TaskReport.Closed closed) {
      return closed(job, closed.refusal(), asked);
    }
    var reason = ((TaskReport.NoWord) report).reason();
    LOG.debug("{}: no word about task {}: {}", job.label(), job.taskId(), reason);
    return goesOn(job, null, asked);
  }

  private @Nullable Duration ago(Job job, @Nullable Duration took) {
    return took == null
        ? null
        : Duration.between(submitted(job).plus(took), context.clock().instant());
  }

  private Job goesOn(Job job, @Nullable String word, Instant asked) {
    var now = context.clock().instant();
    var submitted = submitted(job);
    if (now.isAfter(submitted.plus(context.settings().poll().retention()))) {
      return context
          .ledger()
          .failed(
              job,
              Failure.of(
                  FailureClass.EXPIRED,
                  "the provider named no end of task %s within its retention"
                      .formatted(job.taskId())));
    }
    if (word != null && !word.equals(job.progress().word())) {
      LOG.info("{}: the provider says {}", job.label(), word);
    }
    var usual = context.catalogue().model(job.provider(), job.model()).map(Model::expected);
    var age = Duration.between(submitted, now);
    var pause = pause(job, age, usual, asked);
    return CrashPoint.after(
        "poll.goes-on-committed", context.ledger().running(job, word, now.plus(pause)));
  }

  /** Not at all if the end was told while the provider was being asked. */
  private Duration pause(Job job, Duration age, Optional<Duration> usual, Instant asked) {
    if (context.callbacks().toldSince(job.id(), asked)) {
      return Duration.ZERO;
    }
    var expected = learned.expect(job);
    return context.callbacks().expected(job)
        ? schedule.pauseUntold(age, expected, usual)
        : schedule.pause(age, expected, usual);
  }

  private static Instant submitted(Job job) {
    var submitted = job.times().submitted();
    return submitted == null ? job.times().created() : submitted;
  }

  private Job failed(Job job, Refusal refusal, @Nullable Double credits) {
    var failureClass =
        switch (refusal.meaning()) {
          case INVALID -> FailureClass.INVALID;
          case REJECTED -> FailureClass.REJECTED;
          default -> FailureClass.GENERATION;
        };
    var failure =
        new Failure(
            failureClass,
            refusal.code(),
            refusal.message(),
            refusal.httpStatus(),
            charged(failureClass, credits));
    var after =
        CrashPoint.after(
            "poll.failed-committed",
            context.ledger().ended(job, failure, credits, retries(job, failure, credits)));
    if (after.state() == JobState.READY) {
      LOG.warn(
          "{}: attempt {} failed and cost nothing: {}. Its profile allows another one.",
          job.label(),
          job.attempts(),
          failure.message());
    }
    return after;
  }

  /** Only what the provider itself calls free may be paid for once more. */
  private int retries(Job job, Failure failure, @Nullable Double credits) {
    return failure.failureClass() == FailureClass.GENERATION
            && credits != null
            && failure.charged() == Charged.NO
        ? context.catalogue().profile(job.profile()).map(Profile::generationRetries).orElse(0)
        : 0;
  }

  /**
   * The provider's figure decides. Where it gives none, an accepted task that was rejected is only
   * usually free, which is not known.
   */
  private static Charged charged(FailureClass failureClass, @Nullable Double credits) {
    if (credits == null) {
      return failureClass == FailureClass.REJECTED
          ? Charged.UNKNOWN
          : failureClass.chargedByDefault();
    }
    return credits > 0 ? Charged.YES : Charged.NO;
  }

  private Job notKnown(Job job, String said) {
    var now = context.clock().instant();
    var grace = context.settings().poll().grace();
    var since = job.progress().troubleSince();
    if (since != null
        && !now.isBefore(since.plus(grace))
        && !now.isBefore(submitted(job).plus(grace))) {
      return context
          .ledger()
          .failed(
              job,
              Failure.of(
                  FailureClass.EXPIRED,
                  "the provider does not know task %s: %s".formatted(job.taskId(), said)));
    }
    LOG.warn("{}: the provider does not know task {} (yet): {}", job.label(), job.taskId(), said);
    var pause =
        context.settings().poll().min().compareTo(grace) > 0
            ? grace
            : context.settings().poll().min();
    return context
        .ledger()
        .tryAgain(job, "the provider does not know the task (yet): " + said, now.plus(pause));
  }

  private Job closed(Job job, Refusal refusal, Instant asked) {
    if (refusal.meaning() == Meaning.KEY) {
      context.lanes().close(job.provider(), "", refusal);
    } else {
      LOG.warn("{}: recordInfo was refused for now: {}", job.label(), refusal.said());
    }
    return goesOn(job, null, asked);
  }
}
