package io.klingdrop.cli;

import static io.klingdrop.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.budget.BudgetCaps;
import io.klingdrop.job.BundleFile;
import io.klingdrop.job.Failure;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobId;
import io.klingdrop.job.Role;
import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.Ledger;
import io.klingdrop.ledger.NewJobs;
import io.klingdrop.ledger.SpendingGate;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bar of a terminal, drawn over itself. */
class ProgressTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  @TempDir private Path folder;

  @Test
  void nothingOfALongerLineIsLeftBehindAShorterOne() {
    try (var database = Database.open("jdbc:sqlite:" + folder.resolve("ledger.db"), "", "")) {
      var printed = new StringWriter();
      try (var bar = new Progress(new JobQueries(database), new PrintWriter(printed), true)) {
        bar.start();
        var job = new NewJobs(database, () -> NOW).claimed(job(), List.of(), null);
        var checked =
            new NewJobs(database, () -> NOW).checked(job, "{}", "key", 3000L, 24.0, List.of());
        var ledger = new Ledger(database, () -> NOW);
        var gate = new SpendingGate(database, () -> NOW);
        var running = ledger.accepted(gate.submitting(checked, BudgetCaps.NONE), "task", NOW);
        await().until(() -> shown(printed).endsWith("]  0 of 1 1 running at the provider"));

        ledger.failed(running, Failure.of(FailureClass.GENERATION, "no luck"));
        bar.finish();

        assertThat(shown(printed)).endsWith("]  1 of 1 1 failed");
      }
    }
  }

  /** What the line of the terminal shows after all that was printed over it. */
  private static String shown(StringWriter printed) {
    var line = new StringBuilder();
    for (var over : printed.toString().replace("\n", "").split("\r")) {
      line.replace(0, Math.min(line.length(), over.length()), over);
    }
    return line.toString().stripTrailing();
  }

  private static Job job() {
    return Job.claimed(
        JobId.make(NOW),
        new Job.Origin("avatar", "", "a"),
        new Job.Goal("kie", "model"),
        "/home/a",
        NOW,
        List.of(new BundleFile(Role.IMAGE, "a.png", "aa", 10, false)));
  }
}
