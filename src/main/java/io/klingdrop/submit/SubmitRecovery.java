package io.klingdrop.submit;

import io.klingdrop.fault.CrashPoint;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobLog;
import io.klingdrop.job.JobState;
import io.klingdrop.stage.StageContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Settles at start what a crash left in the middle of the paid step. Thread-safe. */
public record SubmitRecovery(
    StageContext context, BudgetGate budget, TaskIdNote notes, CreateAnswers answers) {
  private static final Logger LOG = LoggerFactory.getLogger(SubmitRecovery.class);

  /**
   * Called before any job is claimed. Of a job that was left in SUBMITTING, a note with the task id
   * makes the job RUNNING, otherwise nobody can know whether a task exists. So it is with what
   * waited in a ledger that was put back from a backup. Jobs that waited for money are due again if
   * there is some by now.
   */
  public void recover() {
    context.claims().releaseAll();
    new Restored(context).settle();
    budget.wake();
    CrashPoint.at("start.leases-released");
    context
        .queries()
        .in(JobState.SUBMITTING)
        .forEach(job -> JobLog.about(job.id(), () -> settle(job)));
  }

  private void settle(Job job) {
    var taskId = notes.find(job);
    if (taskId.isPresent()) {
      answers.running(
          job,
          taskId.get(),
          running -> context.clock().instant().plus(context.settings().poll().first()));
      return;
    }
    var lookup = context.providers().account(job.provider()).findsTasks();
    var unknown =
        context
            .ledger()
            .submitUnknown(job, "klingdrop was stopped while createTask was under way", lookup);
    LOG.warn(
        "{}: klingdrop was stopped while createTask was under way. {}",
        unknown.label(),
        lookup
            ? "The task is looked for at the provider."
            : FailureClass.SUBMIT_UNKNOWN.nextStep());
    CrashPoint.at("start.submitting-settled");
  }
}
