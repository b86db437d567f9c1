package io.klingdrop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.budget.BudgetCaps;
import io.klingdrop.http.JobJson;
import io.klingdrop.job.BundleFile;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobId;
import io.klingdrop.job.ResultFile;
import io.klingdrop.job.Role;
import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.Holder;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.Ledger;
import io.klingdrop.ledger.NewJobs;
import io.klingdrop.ledger.NodeId;
import io.klingdrop.ledger.Shipments;
import io.klingdrop.ledger.SpendingGate;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code why} advises while a free step of a job is refused again and again. */
class WhyTest {
  private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");

  @TempDir private Path folder;
  private Instant now = START;
  private Database database;
  private Ledger ledger;
  private NewJobs jobs;
  private Shipments shipments;

  @BeforeEach
  void open() {
    database = Database.open("jdbc:sqlite:" + folder.resolve("ledger.db"), "", "");
    ledger = new Ledger(database, () -> now);
    jobs = new NewJobs(database, () -> now);
    shipments = new Shipments(database, Holder.alone(new NodeId("me")), () -> now);
  }

  private Job submitting(Job job) {
    return new SpendingGate(database, () -> now).submitting(job, BudgetCaps.NONE);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Job ready() {
    var image = new BundleFile(Role.IMAGE, "a.png", "aa", 10, false);
    var job =
        Job.claimed(
            JobId.make(now),
            new Job.Origin("avatar", "", "a"),
            new Job.Goal("kie", "model"),
            "/home/a",
            now,
            List.of(image));
    return jobs.checked(jobs.claimed(job, List.of(), null), "{}", "key-a", 3000L, 24.0, List.of());
  }

  private Job running() {
    return ledger.accepted(submitting(ready()), "task-a", now);
  }

  private Job generated() {
    return ledger.generated(running(), List.of("https://x/1"), 8.0);
  }

  private Job fetched() {
    return ledger.fetched(
        generated(), List.of(new ResultFile(1, "https://x/1", "1", "cc", 30, ".mp4", 3000L)));
  }

  /** Three refusals, a minute between two. */
  private Job refused(Job job, String reason) {
    for (int tries = 0; tries < 3; tries++) {
      job = ledger.tryAgain(job, reason + " (" + tries + ")", now.plusSeconds(60));
      now = now.plusSeconds(60);
    }
    return job;
  }

  private void refused(String target, String reason) {
    for (int tries = 0; tries < 3; tries++) {
      var shipment = shipments.claimDue(target, 8, Duration.ofMinutes(5)).get(0);
      shipments.later(shipment, reason, now.plusSeconds(60));
      now = now.plusSeconds(60);
    }
  }

  private String advice(Job job) {
    return Why.advice(new JobQueries(database).job(job.id()).orElseThrow(), database);
  }

  private static String told(Instant at) {
    return DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss")
        .withZone(ZoneId.systemDefault())
        .format(at);
  }

  @Test
  void aVideoThatCannotBeFetchedIsToldWithWhatRefuses() {
    var job = refused(generated(), "No space left on device");
    ledger.offered(job, List.of("https://x/2"));
    assertThat(advice(job))
        .contains("made and paid", "refused 3 times since " + told(START))
        .contains("last with: No space left on device (2). Next try " + told(now))
        .contains("make room on the disk", "Fetching costs nothing")
        .doesNotContain("Nothing to do");
  }

  @Test
  void aVideoThatATargetRefusesIsToldWithTheTarget() {
    var job = shipments.open(fetched(), List.of("file", "s3"), now.plusSeconds(600));
    refused("s3", "no such bucket");
    assertThat(advice(job))
        .contains("delivering it to s3 was refused 3 times since " + told(START))
        .contains("last with: no such bucket. Next try " + told(now))
        .contains("Make the target writable")
        .doesNotContain("Nothing to do", "delivering it to file");

    var shipment = shipments.claimDue("s3", 8, Duration.ofMinutes(5)).get(0);
    shipments.givenUp(shipment, "no such bucket");
    assertThat(advice(job))
        .contains("given up", "klingdrop redeliver " + job.id())
        .doesNotContain("Next try");
  }

  @Test
  void theOtherFreeStepsAreToldToo() {
    var waiting = refused(ready(), "upload refused");
    assertThat(advice(waiting)).contains("upload refused (2)", "refused 3 times", "Next try");
  }

  @Test
  void aLookThatFailsIsToldToo() {
    assertThat(advice(refused(running(), "the provider does not know the task")))
        .contains("does not know the task (2)", "refused 3 times", "Looking costs nothing");
  }

  @Test
  void withoutARefusalThereIsNothingToDo() {
    assertThat(advice(generated())).endsWith("it is being fetched. Nothing to do.");
  }

  @Test
  void thePageIsToldTheSame() {
    var job = shipments.open(fetched(), List.of("file", "s3"), now.plusSeconds(600));
    refused("s3", "no such bucket");
    var queries = new JobQueries(database);
    var json =
        new JobJson(queries, any -> Optional.empty(), () -> now)
            .brief(queries.job(job.id()).orElseThrow());
    assertThat(json.path("tries").asInt()).isEqualTo(3);
    assertThat(json.path("troubleSince").asText()).isEqualTo(START.toString());
    assertThat(json.path("trouble").asText()).isEqualTo("no such bucket");
  }
}
