package io.klingdrop.submit;

import io.klingdrop.job.Backoff;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Job;
import io.klingdrop.provider.Provider;
import io.klingdrop.provider.Providers;
import io.klingdrop.provider.Sighting;
import io.klingdrop.settings.ProviderSettings.Lookup;
import io.klingdrop.stage.StageContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for tasks whose createTask answer was lost, by the id we gave them. A found task is
 * followed. A job is only sent again when it is sure that no task exists; anything else leaves it
 * to a person. Thread-safe.
 */
public record Lookups(StageContext context, SubmitRecovery recovery) {
  private static final Logger LOG = LoggerFactory.getLogger(Lookups.class);
  private static final Duration LEASE = Duration.ofMinutes(5);
  private static final Duration SLEEP = Duration.ofMinutes(5);

  /** Claims the jobs whose task is to be looked for now. */
  public List<Job> claimDue() {
    var jobs = new ArrayList<Job>();
    for (var account : context.providers().all()) {
      if (!context.node().owns(account.name())) {
        continue;
      }
      if (context.node().shared()) {
        recovery.takeOver(account);
      }
      if (account.findsTasks() && context.lanes().mayPoll(account.name())) {
        jobs.addAll(context.claims().claimLookups(account.name(), 8, LEASE));
      }
    }
    return jobs;
  }

  /**
   * Looks for one task.
   *
   * @return the job: RUNNING if found, READY if it surely does not exist, else SUBMIT_UNKNOWN
   */
  public Job look(Job job) {
    var account = context.providers().account(job.provider());
    var sighting = account.gateway().find(job.model(), ExternalId.of(job.id(), job.attempts()));
    if (sighting instanceof Sighting.Found found) {
      LOG.info("{}: the lost answer is settled: it is task {}", job.label(), found.taskId());
      return context.ledger().found(job, found.taskId());
    }
    var now = context.clock().instant();
    if (sighting instanceof Sighting.NotThere notThere
        && !now.isBefore(since(job).plus(patience(account)))
        && believed(account)) {
      LOG.warn("{}: no task was created; it is submitted as if never sent", job.label());
      return context
          .ledger()
          .neverCreated(
              job,
              "the provider has no task of this job (" + notThere.said() + "); nothing was paid");
    }
    var reason = said(sighting);
    if (!now.isBefore(since(job).plus(context.settings().submit().giveUp()))) {
      LOG.warn("{}: {}. {}", job.label(), reason, FailureClass.SUBMIT_UNKNOWN.nextStep());
      return context.ledger().staysUnknown(job, "looked for in vain: " + reason);
    }
    LOG.debug("{}: looked for its task: {}", job.label(), reason);
    return context.ledger().lookAgain(job, next(job, now, patience(account)));
  }

  /**
   * How long a missing task proves nothing. Among several nodes one may sleep between its commit
   * and its call: nothing is sent in its place before any credible sleep is over.
   */
  private Duration patience(Providers.Account account) {
    var grace = context.settings().poll().grace();
    var sleep =
        context.settings().node().lease().plus(account.settings().timeouts().create()).plus(SLEEP);
    return context.node().shared() && sleep.compareTo(grace) > 0 ? sleep : grace;
  }

  private static String said(Sighting sighting) {
    return sighting instanceof Sighting.NotThere notThere
        ? "the provider shows no task of this job, which proves nothing here: " + notThere.said()
        : ((Sighting.NoWord) sighting).reason();
  }

  private static Instant since(Job job) {
    var since = job.progress().troubleSince();
    return since == null ? job.times().created() : since;
  }

  /** Soon at first; never long after the grace, when a missing task begins to mean something. */
  private static Instant next(Job job, Instant now, Duration patience) {
    var grace = since(job).plus(patience);
    var wait = Backoff.after(job.progress().tries());
    var usual = now.plus(wait);
    return now.isBefore(grace) && usual.isAfter(grace) ? grace : usual;
  }

  /**
   * Whether this account's word that a task does not exist can be trusted with money: it documents
   * looking for tasks by our id, or it finds one this way that it is known to have.
   */
  private boolean believed(Providers.Account account) {
    if (account.settings().quirks().lookup() == Lookup.TRUSTED) {
      return true;
    }
    return context
        .queries()
        .lastAccepted(account.name())
        .filter(known -> finds(account.gateway(), known))
        .isPresent();
  }

  private static boolean finds(Provider gateway, Job known) {
    var id = ExternalId.of(known.id(), known.attempts());
    return gateway.find(known.model(), id) instanceof Sighting.Found found
        && found.taskId().equals(known.task());
  }
}
