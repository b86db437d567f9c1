package io.klingdrop.submit;

import io.klingdrop.fault.CrashPoint;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.ledger.JobClaims;
import io.klingdrop.ledger.Ledger;
import io.klingdrop.provider.CreateAnswer;
import io.klingdrop.provider.Providers;
import io.klingdrop.provider.TaskRequest;
import java.io.IOException;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The paid step. SUBMITTING is committed before createTask is called; its answer is committed
 * before anything else is done. An answer that is not definite is never followed by a second call.
 * Thread-safe.
 */
public final class Submissions {
  private static final Logger LOG = LoggerFactory.getLogger(Submissions.class);

  private final Ledger ledger;
  private final JobClaims claims;
  private final Providers providers;
  private final Requests requests;
  private final ReadyJobs readyJobs;
  private final BudgetGate budget;
  private final CreateAnswers answers;
  private final InstantSource clock;

  Submissions(
      Ledger ledger,
      JobClaims claims,
      Providers providers,
      Requests requests,
      ReadyJobs readyJobs,
      BudgetGate budget,
      CreateAnswers answers,
      InstantSource clock) {
    this.ledger = ledger;
    this.claims = claims;
    this.providers = providers;
    this.requests = requests;
    this.readyJobs = readyJobs;
    this.budget = budget;
    this.answers = answers;
    this.clock = clock;
  }

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
    var account = providers.account(ready.provider());
    var request = requests.complete(ready);
    account.createPace().await();
    if (readyJobs.mustWait(ready)) {
      return claims.released(ready, clock.instant());
    }
    var changed = requests.changed(ready, request);
    if (changed.isPresent()) {
      return ledger.failed(ready, changed.get());
    }
    CrashPoint.at("submit.before-submitting");
    var submitting = budget.submitting(ready);
    if (submitting.state() == JobState.READY) {
      return submitting;
    }
    CrashPoint.at("submit.submitting-committed");
    LOG.info("{}: createTask {}", submitting.label(), submitting.model());
    var answer = call(account, submitting, request);
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
