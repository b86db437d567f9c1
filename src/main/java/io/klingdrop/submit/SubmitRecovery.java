package io.klingdrop.submit;

import io.klingdrop.fault.CrashPoint;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobLog;
import io.klingdrop.job.JobState;
import io.klingdrop.ledger.JobClaims;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.Ledger;
import io.klingdrop.provider.Providers;
import io.klingdrop.settings.Settings;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Settles at start what a crash left in the middle of the paid step. Thread-safe. */
public final class SubmitRecovery {
  private static final Logger LOG = LoggerFactory.getLogger(SubmitRecovery.class);

  private final Ledger ledger;
  private final JobClaims claims;
  private final JobQueries queries;
  private final Providers providers;
  private final BudgetGate budget;
  private final Restored restored;
  private final TaskIdNote notes;
  private final CreateAnswers answers;
  private final Settings settings;
  private final InstantSource clock;

  SubmitRecovery(
      Ledger ledger,
      JobClaims claims,
      JobQueries queries,
      Providers providers,
      BudgetGate budget,
      Restored restored,
      TaskIdNote notes,
      CreateAnswers answers,
      Settings settings,
      InstantSource clock) {
    this.ledger = ledger;
    this.claims = claims;
    this.queries = queries;
    this.providers = providers;
    this.budget = budget;
    this.restored = restored;
    this.notes = notes;
    this.answers = answers;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Called before any job is claimed. Of a job that was left in SUBMITTING, a note with the task id
   * makes the job RUNNING, otherwise nobody can know whether a task exists. So it is with what
   * waited in a ledger that was put back from a backup. Jobs that waited for money are due again if
   * there is some by now.
   */
  public void recover() {
    claims.releaseAll();
    restored.settle(settings.folders().data());
    budget.wake();
    CrashPoint.at("start.leases-released");
    queries.in(JobState.SUBMITTING).forEach(job -> JobLog.about(job.id(), () -> settle(job)));
  }

  private void settle(Job job) {
    var taskId = notes.find(job);
    if (taskId.isPresent()) {
      answers.running(job, taskId.get(), running -> clock.instant().plus(settings.poll().first()));
      return;
    }
    var lookup = providers.account(job.provider()).findsTasks();
    var unknown =
        ledger.submitUnknown(job, "klingdrop was stopped while createTask was under way", lookup);
    LOG.warn(
        "{}: klingdrop was stopped while createTask was under way. {}",
        unknown.label(),
        lookup
            ? "The task is looked for at the provider."
            : FailureClass.SUBMIT_UNKNOWN.nextStep());
    CrashPoint.at("start.submitting-settled");
  }
}
