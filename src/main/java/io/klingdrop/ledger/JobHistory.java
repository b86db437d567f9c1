package io.klingdrop.ledger;

import io.klingdrop.job.Charged;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobEvent;
import io.klingdrop.job.JobFacts;
import io.klingdrop.job.JobState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is kept beside a job: what happened to it, and what it waits for. Changes nothing.
 * Thread-safe.
 */
public record JobHistory(Database database) {
  /**
   * A target that does not have all results of a job yet.
   *
   * @param target such as {@code s3}
   * @param tries how often it has refused in a row
   * @param said why, null if it has not refused
   * @param givenUp whether it is not tried any more
   * @param nextTry when it is tried next, unless it is given up
   */
  public record OwedTarget(
      String target, int tries, @Nullable String said, boolean givenUp, Instant nextTry) {}

  /**
   * A free step of a job that has been refused and is tried again.
   *
   * @param target where the results were to go, null for every step but delivering
   * @param tries how often it was refused in a row, at least once
   * @param since when it was refused first
   * @param said why it was refused last
   * @param givenUp whether it is not tried any more
   * @param nextTry when it is tried next, unless it is given up
   */
  public record Trouble(
      @Nullable String target,
      int tries,
      Instant since,
      String said,
      boolean givenUp,
      Instant nextTry) {}

  public JobFacts facts(Job job) {
    return database.transaction(tx -> Facts.of(tx, job));
  }

  /** What is kept beside those jobs, in their order; asked for all of them together. */
  public List<JobFacts> facts(List<Job> jobs) {
    return database.transaction(tx -> Facts.of(tx, jobs));
  }

  /** The job's timeline, oldest first; empty for an unknown job. */
  public List<JobEvent> timeline(String id) {
    return database.query(
        row ->
            new JobEvent(
                Instant.ofEpochMilli(row.getLong("at")),
                JobState.valueOf(row.getString("state")),
                row.getString("note")),
        "select at, state, note from event where job_id = ? order by seq",
        id);
  }

  /** What refuses the present step of that job, the longest trouble first; empty: nothing does. */
  public List<Trouble> troubles(Job job) {
    var since = job.progress().troubleSince();
    var refusals = job.state() == JobState.FETCHED ? refusals(job.id()) : List.<Trouble>of();
    if (!refusals.isEmpty()) {
      return refusals;
    }
    if (job.state().ended() || job.progress().tries() == 0 || since == null) {
      return List.of();
    }
    var said = "";
    for (var event : timeline(job.id())) {
      if (event.state() == job.state() && !event.note().startsWith(Ledger.ASKED_ANEW)) {
        said = event.note();
      }
    }
    return List.of(
        new Trouble(null, job.progress().tries(), since, said, false, job.times().due()));
  }

  private List<Trouble> refusals(String id) {
    return database.query(
        row ->
            new Trouble(
                row.getString("target"),
                Math.max(1, row.getInt("tries")),
                Instant.ofEpochMilli(row.getLong("since")),
                row.getString("said"),
                row.getInt("given_up") == 1,
                Instant.ofEpochMilli(row.getLong("due_at"))),
        "select target, tries, coalesce(trouble_since, due_at) as since, said, given_up,"
            + " due_at from shipment where job_id = ? and arrived_at is null and said is"
            + " not null order by coalesce(trouble_since, due_at), target",
        id);
  }

  /** The targets that the results of that job are still to go to. */
  public List<OwedTarget> owed(String id) {
    return database.query(
        row ->
            new OwedTarget(
                row.getString("target"),
                row.getInt("tries"),
                row.getString("said"),
                row.getInt("given_up") == 1,
                Instant.ofEpochMilli(row.getLong("due_at"))),
        "select target, tries, said, given_up, due_at from shipment where job_id = ?"
            + " and arrived_at is null order by target",
        id);
  }

  /** The messages about that job that have not arrived everywhere yet, oldest first. */
  public List<OutcomeRow> untold(String id) {
    return database.query(
        OutcomeRows::row, "select * from outcome where subject = ? order by number, way", id);
  }

  /** Whether all that was submitted for that job cost money, as far as anybody can know. */
  public Charged charged(Job job) {
    return facts(job).chargedByAttempts();
  }

  /** Why that job waits for money; empty if it does not. */
  public Optional<String> held(String id) {
    var sql = "select held from job where id = ? and held is not null and state = 'READY'";
    return database.first(row -> row.getString(1), sql, id);
  }

  /** When tasks of that account were submitted, since then, the oldest first. */
  public List<Instant> submitted(String provider, Instant since) {
    var sql =
        "select a.submitted_at from attempt a join job j on j.id = a.job_id where j.provider = ?"
            + " and a.submitted_at > ? order by a.submitted_at";
    return database.query(
        row -> Instant.ofEpochMilli(row.getLong(1)), sql, provider, since.toEpochMilli());
  }
}
