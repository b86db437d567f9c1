package io.klingdrop.redrive;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.budget.BudgetCaps;
import io.klingdrop.job.BundleFile;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobId;
import io.klingdrop.job.JobState;
import io.klingdrop.job.Role;
import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.Ledger;
import io.klingdrop.ledger.NewJobs;
import io.klingdrop.ledger.SpendingGate;
import io.klingdrop.redrive.VerbRun.Done;
import io.klingdrop.redrive.VerbRun.Refused;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a job that a verb is taken to. */
class VerbRunTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  @TempDir private Path folder;
  private Database database;
  private Ledger ledger;
  private NewJobs jobs;
  private JobQueries queries;

  @BeforeEach
  void open() {
    database = Database.open("jdbc:sqlite:" + folder.resolve("ledger.db"), "", "");
    ledger = new Ledger(database, () -> NOW);
    jobs = new NewJobs(database, () -> NOW);
    queries = new JobQueries(database);
  }

  private Job submitting(Job job) {
    return new SpendingGate(database, () -> NOW).submitting(job, BudgetCaps.NONE);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Job ready() {
    var job =
        Job.claimed(
            JobId.make(NOW),
            new Job.Origin("avatar", "", "a"),
            new Job.Goal("kie", "model"),
            "/home/a",
            NOW,
            List.of(new BundleFile(Role.IMAGE, "a.png", "aa", 10, false)));
    return jobs.checked(jobs.claimed(job, List.of(), null), "{}", "key", 3000L, 24.0, List.of());
  }

  private VerbRun run(Verb verb) {
    return new VerbRun(verb, queries, ledger);
  }

  @Test
  void aDryRunSaysTheEffectAndChangesNothing() {
    var job = ready();
    var answer = (Done) run(new Verbs.Cancel(queries)).take(job.id(), true);
    assertThat(answer.effect()).isEqualTo("cancel-no");
    assertThat(answer.said()).isEqualTo("stops; nothing is charged");
    assertThat(queries.job(job.id()).orElseThrow().state()).isEqualTo(JobState.READY);
  }

  @Test
  void whatIsDoneIsSaidWithTheEffectItHadBefore() {
    var job = ledger.accepted(submitting(ready()), "task", NOW);
    var answer = (Done) run(new Verbs.Cancel(queries)).take(job.id(), false);
    assertThat(answer.effect()).isEqualTo("cancel-running");
    assertThat(answer.said()).contains("is cancelled", "goes on at the provider and is paid");
    assertThat(queries.job(job.id()).orElseThrow().state()).isEqualTo(JobState.CANCELLED);
  }

  @Test
  void aJobWhoseFilesAreBeingPutAwayHasToWait() {
    var job = ledger.cancelled(ready(), "a person");
    var answer = (Refused) run(new Verbs.Cancel(queries)).take(job.id(), false);
    assertThat(answer.code()).isEqualTo("still-filing");
    var filed = ledger.filed(job, "/failed/a");
    answer = (Refused) run(new Verbs.Cancel(queries)).take(filed.id(), false);
    assertThat(answer.code()).isEqualTo("wrong-state");
    assertThat(answer.reason()).isEqualTo("it is CANCELLED.");
  }

  @Test
  void aJobThatIsNotThereIsRefused() {
    assertThat(run(new Verbs.Attach("task")).take("nobody", false))
        .isEqualTo(new Refused("no-such-job", "there is no such job"));
  }

  @Test
  void resubmittingAloneMayPay() {
    assertThat(new Verbs.Resubmit(queries).pays()).isTrue();
    assertThat(new Verbs.Resubmit(queries).effect(ready())).isEqualTo("costs");
    assertThat(new Verbs.Cancel(queries).pays()).isFalse();
    assertThat(new Verbs.Attach("task").pays()).isFalse();
    assertThat(new Verbs.Attach("task").effect(ready())).isEqualTo("free");
  }
}
