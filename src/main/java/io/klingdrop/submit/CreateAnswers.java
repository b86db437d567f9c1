package io.klingdrop.submit;

import io.klingdrop.fault.CrashPoint;
import io.klingdrop.job.Job;
import io.klingdrop.ledger.LedgerException;
import io.klingdrop.ledger.StaleJobException;
import io.klingdrop.provider.CreateAnswer;
import io.klingdrop.provider.Meaning;
import io.klingdrop.provider.Refusal;
import io.klingdrop.stage.StageContext;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down what came of a createTask before anything else is done, however often the ledger
 * refuses: an answer cannot be had again. A task id is noted beside the ledger first, for the
 * ledger may keep us waiting. Thread-safe.
 */
final class CreateAnswers {
  private static final Logger LOG = LoggerFactory.getLogger(CreateAnswers.class);

  private final StageContext context;
  private final Refusals refusals;
  private final TaskIdNote notes;
  private final ReadyJobs readyJobs;
  private final Function<Job, Instant> firstLook;
  private final AtomicInteger lostInARow = new AtomicInteger();

  /**
   * Writes to these notes, then to the ledger.
   *
   * @param firstLook when a task that is accepted now is first looked at; must not fail
   */
  CreateAnswers(
      StageContext context,
      TaskIdNote notes,
      ReadyJobs readyJobs,
      Function<Job, Instant> firstLook) {
    this.context = context;
    this.refusals = new Refusals(context);
    this.notes = notes;
    this.readyJobs = readyJobs;
    this.firstLook = firstLook;
  }

  /**
   * What becomes of the job by this answer.
   *
   * @param findsTasks whether a lost task can be looked for at the provider
   * @return RUNNING; READY again or FAILED if surely nothing was created; SUBMIT_UNKNOWN
   */
  Job write(Job submitting, CreateAnswer answer, boolean findsTasks) {
    if (answer instanceof CreateAnswer.Accepted accepted) {
      lostInARow.set(0);
      return running(submitting, accepted.taskId(), firstLook);
    }
    if (answer instanceof CreateAnswer.Refused refused) {
      lostInARow.set(0);
      return surely(submitting, "a refusal", () -> refusals.write(submitting, refused.refusal()));
    }
    return lost(submitting, ((CreateAnswer.Lost) answer).reason(), findsTasks);
  }

  /**
   * A task may exist: {@link Lookups} and {@link CallbackHandler} try to find it. Two of them in a
   * row are taken for a trouble of the whole account.
   */
  private Job lost(Job submitting, String reason, boolean findsTasks) {
    if (lostInARow.incrementAndGet() >= 2) {
      context.lanes().close(submitting.provider(), "", Refusal.of(Meaning.LOST, reason));
    }
    return CrashPoint.after(
        "submit.lost-committed",
        surely(
            submitting,
            "a lost answer",
            () -> context.ledger().submitUnknown(submitting, reason, findsTasks)));
  }

  /**
   * The task runs and is paid for.
   *
   * @param firstPoll when it is first looked at
   */
  Job running(Job submitting, String taskId, Function<Job, Instant> firstPoll) {
    // said before any disk is asked, which may keep us waiting
    LOG.info("{}: accepted as task {}", submitting.label(), taskId);
    notes.keep(submitting, taskId);
    CrashPoint.at("submit.note-written");
    readyJobs.proven(submitting.provider());
    var running = accepted(submitting, taskId, firstPoll);
    CrashPoint.at("submit.running-committed");
    notes.forget(submitting);
    CrashPoint.at("submit.note-forgotten");
    context.lanes().open(submitting.provider(), "");
    context.lanes().open(submitting.provider(), submitting.model());
    CrashPoint.at("submit.lanes-opened");
    return running;
  }

  /** A call that somebody else has given up meanwhile was paid for all the same. */
  private Job accepted(Job submitting, String taskId, Function<Job, Instant> firstPoll) {
    var what = "the paid task " + taskId;
    try {
      return surely(
          submitting,
          what,
          () -> context.ledger().accepted(submitting, taskId, firstPoll.apply(submitting)));
    } catch (StaleJobException e) {
      return surely(submitting, what, () -> context.ledger().acceptedLate(submitting, taskId));
    }
  }

  /** Writes until the ledger takes it. */
  private Job surely(Job job, String what, Supplier<Job> write) {
    while (true) {
      try {
        return write.get();
      } catch (LedgerException e) {
        LOG.error(
            "{}: {} cannot be written to the ledger: {}. It is tried again until it succeeds; free"
                + " the disk or the database.",
            job.label(),
            what,
            e.getMessage());
        pause();
      } catch (StaleJobException e) {
        LOG.error("{}: {} does not fit its job any more; see: klingdrop why", job.label(), what, e);
        throw e;
      }
    }
  }

  private void pause() {
    try {
      context.clock().pause(Duration.ofSeconds(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("stopped while an answer waited for the ledger", e);
    }
  }
}
