package io.klingdrop.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.budget.BudgetCaps;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.job.ResultFile;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/** A job's whole way through the ledger: one program begins it, and one ends it. */
record LedgerLife(Database first, Database last) {
  private static final Duration LEASE = Duration.ofMinutes(5);
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final InstantSource CLOCK = () -> NOW;
  private static final Holder ME = Holder.alone(new NodeId("me"));

  /** No other job may be under way meanwhile. */
  Job of(String id) {
    var jobs = new NewJobs(first, CLOCK);
    var made =
        Job.claimed(
            id,
            new Job.Origin("avatar", "", id),
            new Job.Goal("kie", "model"),
            "/home/" + id,
            NOW,
            List.of());
    jobs.checked(jobs.claimed(made, List.of(), null), "{}", "key-" + id, 3000L, 24.0, List.of());
    assertThat(new DueQuestion(first, CLOCK).ask().mayHave("submit")).isTrue();
    var ready = due(first, JobState.READY);
    var submitting = new SpendingGate(first, CLOCK).submitting(ready, BudgetCaps.NONE);
    new Ledger(first, CLOCK).accepted(submitting, "task-" + id, NOW);
    var ledger = new Ledger(last, CLOCK);
    ledger.running(due(last, JobState.RUNNING), "waiting", NOW);
    ledger.generated(due(last, JobState.RUNNING), List.of("https://x/1"), 8.0);
    new RunTimes(last).keep(id, null);
    var result = new ResultFile(1, "https://x/1", "1", "h1", 11, ".mp4", 3000L);
    var fetched = ledger.fetched(due(last, JobState.GENERATED), List.of(result));
    var shipments = new Shipments(last, ME, CLOCK);
    shipments.open(fetched, List.of("file"), NOW.plusSeconds(60));
    new Receipts(last, CLOCK).keep(id, "file", 1, "/out/" + id);
    var delivered = shipments.arrived(shipments.claimDue("file", 1, LEASE).get(0));
    assertThat(delivered.state()).isEqualTo(JobState.DELIVERED);
    var queue = new OutcomeQueue(last, ME, CLOCK);
    for (var way : OutcomeRow.Way.values()) {
      queue.claim(way, List.of(), 10, LEASE).forEach(queue::done);
    }
    var claims = new JobClaims(last, ME, CLOCK);
    var unfiled = claims.claimUnfiled(Set.of(JobState.DELIVERED), 1, LEASE).get(0);
    return ledger.filed(unfiled, null);
  }

  private static Job due(Database database, JobState state) {
    return new JobClaims(database, ME, CLOCK).claimDue(Due.in(Set.of(state), 1), LEASE).get(0);
  }
}
