package io.klingdrop.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.budget.BudgetCaps;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobId;
import io.klingdrop.ledger.CallbackRows;
import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.Ledger;
import io.klingdrop.ledger.NewJobs;
import io.klingdrop.ledger.SpendingGate;
import io.klingdrop.settings.SettingsReader;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which tasks are looked at once the callbacks of an account do not come. */
class SilentAccountsTest {
  private static final Instant ACCEPTED = Instant.parse("2026-11-28T10:00:00Z");
  private static final Instant LATER = ACCEPTED.plusSeconds(600);

  @TempDir private Path folder;
  private Database database;
  private Instant now = ACCEPTED;
  private SilentAccounts silent;

  @BeforeEach
  void open() {
    database = Database.open("jdbc:sqlite::memory:", "", "");
    var keys = Map.of("KIE_API_KEY", "key-1", "COMETAPI_KEY", "key-2");
    var settings = SettingsReader.load(folder, keys, Map.of("klingdrop.poll.first", "5s"));
    silent = new SilentAccounts(new CallbackRows(database), settings, () -> now);
  }

  @AfterEach
  void close() {
    database.close();
  }

  /** A task that is to be looked at much later, as its callback is waited for. */
  private String running(String account) {
    var jobs = new NewJobs(database, () -> now);
    var ledger = new Ledger(database, () -> now);
    var id = JobId.make(now);
    var taken =
        Job.claimed(
            id,
            new Job.Origin("avatar", "", "anna"),
            new Job.Goal(account, "model"),
            "",
            now,
            List.of());
    var ready = jobs.checked(jobs.claimed(taken, List.of(), null), "{}", id, null, null, List.of());
    var gate = new SpendingGate(database, () -> now);
    return ledger.accepted(gate.submitting(ready, BudgetCaps.NONE), "task " + id, LATER).id();
  }

  private Instant due(String job) {
    return new JobQueries(database).job(job).orElseThrow().times().due();
  }

  @Test
  void theTasksOfTheAccountAreDueNowAndThoseOfOthersAreNot() {
    var silents = running("kie");
    var others = running("comet");
    now = ACCEPTED.plusSeconds(60);

    silent.lookNow("kie");

    assertThat(due(silents)).isEqualTo(now);
    assertThat(due(others)).isEqualTo(LATER);
  }

  @Test
  void withoutANameAllAccountsAreMeant() {
    var jobs = List.of(running("kie"), running("comet"));
    now = ACCEPTED.plusSeconds(60);

    silent.lookNow("");

    assertThat(jobs).allSatisfy(job -> assertThat(due(job)).isEqualTo(now));
  }

  @Test
  void aTaskThatIsTooYoungForAFirstLookKeepsItsTime() {
    var old = running("kie");
    now = ACCEPTED.plusSeconds(5);
    var young = running("kie");

    silent.lookNow("kie");

    assertThat(due(old)).as("five seconds old").isEqualTo(now);
    assertThat(due(young)).isEqualTo(LATER);
  }
}
