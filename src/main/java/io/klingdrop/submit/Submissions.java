package io.klingdrop.submit;

import io.klingdrop.fault.CrashPoint;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.ledger.LaneLostException;
import io.klingdrop.provider.CreateAnswer;
import io.klingdrop.provider.Providers;
import io.klingdrop.provider.TaskRequest;
import io.klingdrop.stage.StageContext;
import io.klingdrop.wire.SendLimit;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The paid step. SUBMITTING is committed before createTask is called; its answer is committed
 * before anything else is done. An answer that is not definite is never followed by a second call.
 * Thread-safe.
 */
public record Submissions(
    StageContext context,
    Requests requests,
    ReadyJobs readyJobs,
    BudgetGate budget,
    CreateAnswers answers) {
  private static final Logger LOG = LoggerFactory.getLogger(Submissions.class);

  /**
   * A node that slept for longer since its commit began sends nothing: another may have looked for
   * the task meanwhile, and found none.
   */
  private static final Duration SEND_WITHIN = Duration.ofSeconds(2);

  /**
   * Calls createTask once for a job whose media the provider can reach, and commits what came of
   * it.
   *
   * @return the job: RUNNING; READY again if surely nothing was created or the money of the day
   *     does not reach; SUBMIT_UNKNOWN; or FAILED
   * @throws InterruptedException if the program stops before the job's turn came; nothing was sent
   * @throws IOException if a file that travels inside the request cannot be read; nothing was sent
   */
  public Job createTask(Job ready) throws InterruptedException, IOException {
    var account = context.providers().account(ready.provider());
    var request = requests.complete(ready);
    account.createPace().await();
    // who stops or gives all away lets others send what waited for its turn
    if (!context.node().mayClaim()
        || !context.node().owns(ready.provider())
        || readyJobs.mustWait(ready)) {
      return context.claims().released(ready, context.clock().instant());
    }
    var changed = requests.changed(ready, request);
    if (changed.isPresent()) {
      return context.ledger().failed(ready, changed.get());
    }
    CrashPoint.at("submit.before-submitting");
    // runs before the commit does, whose answer may reach a node that slept meanwhile
    var limit = SendLimit.of(SEND_WITHIN, context.clock());
    Job submitting;
    try {
      submitting = budget.submitting(ready);
    } catch (LaneLostException e) {
      LOG.info("{}: {}; nothing was sent", ready.label(), e.getMessage());
      return context.claims().released(ready, context.clock().instant());
    }
    if (submitting.state() == JobState.READY) {
      return submitting;
    }
    CrashPoint.at("submit.submitting-committed");
    LOG.info("{}: createTask {}", submitting.label(), submitting.model());
    var answer =
        context.node().shared()
            ? limit.over(() -> call(account, submitting, request))
            : call(account, submitting, request);
    CrashPoint.at("submit.create-task-answered");
    return answers.write(submitting, answer, account.findsTasks());
  }

  /** Whatever goes wrong once the call has begun, a task may exist. */
  private static CreateAnswer call(Providers.Account account, Job submitting, TaskRequest request) {
    try {
      return account.gateway().createTask(request);
    } catch (RuntimeException e) {
      LOG.error("{}: createTask broke off inside klingdrop", submitting.label(), e);
      return new CreateAnswer.Lost("createTask broke off inside klingdrop: " + e);
    }
  }
}
