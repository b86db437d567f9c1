package io.klingdrop.submit;

import io.klingdrop.fault.CrashPoint;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobLog;
import io.klingdrop.ledger.StaleJobException;
import io.klingdrop.provider.Providers;
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
    var unfinished = context.claims().unfinished();
    context.claims().releaseAll();
    new Restored(context).settle();
    budget.wake();
    CrashPoint.at("start.leases-released");
    unfinished.forEach(job -> settle(job, "klingdrop was stopped"));
  }

  /**
   * Settles what a node that is dead or asleep has left in the middle of the paid step, once its
   * call would be over: called by the node that owns the account now. Its answer may still come and
   * is kept, too.
   */
  void takeOver(Providers.Account account) {
    context
        .claims()
        .abandoned(account.name(), account.settings().timeouts().create())
        .forEach(job -> settle(job, "the node that submitted it fell silent"));
  }

  private void settle(Job job, String why) {
    JobLog.about(
        job.id(),
        () -> {
          try {
            settleNow(job, why);
          } catch (StaleJobException e) {
            LOG.info("{}; its own node came back", e.getMessage());
          }
        });
  }

  private void settleNow(Job job, String why) {
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
        context.ledger().submitUnknown(job, why + " while createTask was under way", lookup);
    LOG.warn(
        "{}: {} while createTask was under way. {}",
        unknown.label(),
        why,
        lookup
            ? "The task is looked for at the provider."
            : FailureClass.SUBMIT_UNKNOWN.nextStep());
    CrashPoint.at("start.submitting-settled");
  }
}
