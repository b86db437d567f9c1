package io.klingdrop.ledger;

import io.klingdrop.budget.DailySpending;
import io.klingdrop.job.Charged;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobEvent;
import io.klingdrop.job.JobFacts;
import io.klingdrop.job.JobState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the ledger can be asked. Changes nothing. Thread-safe. */
public final class JobQueries {
  private static final int MANY = 1000;
  private static final String OPEN =
      "state in ('CLAIMED','READY','SUBMITTING','RUNNING','GENERATED','FETCHED') or filed = 0"
          + " or (state = 'SUBMIT_UNKNOWN' and lookup = 1)";

  private final Database database;

  /** Questions to an open database. */
  public JobQueries(Database database) {
    this.database = database;
  }

  /** The job of that id. */
  public Optional<Job> job(String id) {
    return database.transaction(tx -> Rows.first(tx, "select * from job where id = ?", id));
  }

  /** The jobs of these ids, in no order; those that are not there are left out. */
  public List<Job> jobs(Collection<String> ids) {
    return ids.isEmpty()
        ? List.of()
        : database.transaction(
            tx ->
                Rows.jobs(
                    tx,
                    "select * from job where id in ("
                        + String.join(",", Collections.nCopies(ids.size(), "?"))
                        + ")",
                    ids.toArray()));
  }

  /** What is kept beside that job. */
  public JobFacts facts(Job job) {
    return database.transaction(tx -> Facts.of(tx, job));
  }

  /** What is kept beside those jobs, in their order; asked for all of them together. */
  public List<JobFacts> facts(List<Job> jobs) {
    return database.transaction(tx -> Facts.of(tx, jobs));
  }

  /** The job ids somebody was told for files of these names that are no jobs yet, newest first. */
  public List<Reservation> reserved(Collection<String> paths) {
    return Reservations.naming(database, paths);
  }

  /** The jobs whose id, task id or name is {@code word}, or whose id begins with it. */
  public List<Job> find(String word) {
    return database.transaction(
        tx ->
            Rows.jobs(
                tx,
                "select * from job where id = ? or task_id = ? or name = ?"
                    + " or id in (select job_id from attempt where task_id = ?)"
                    + " or (length(?) >= 4 and substr(id, 1, length(?)) = ?)"
                    + " order by created_at limit 20",
                word,
                word,
                word,
                word,
                word,
                word,
                word));
  }

  /**
   * The jobs a person may still give another way, oldest first: those that are not delivered,
   * cancelled or duplicates.
   *
   * @param failureClass only those that failed so, null for all
   * @param profile only those of that profile, null for all
   */
  public List<Job> unsettled(@Nullable FailureClass failureClass, @Nullable String profile) {
    var where = new StringBuilder("state not in ('DELIVERED','CANCELLED','DUPLICATE')");
    List<Object> args = new ArrayList<>();
    if (failureClass != null) {
      where.append(" and fail_class = ?");
      args.add(failureClass.name());
    }
    if (profile != null) {
      where.append(" and profile = ?");
      args.add(profile);
    }
    return database.transaction(
        tx ->
            Rows.jobs(
                tx,
                "select * from job where " + where + " order by created_at, id",
                args.toArray()));
  }

  /** The other job that has taken over the content of that job, if one has. */
  public Optional<Job> successor(Job job) {
    return database.transaction(
        tx ->
            Rows.first(
                tx,
                "select j.* from job j join content c on c.job_id = j.id where c.content_key = ?"
                    + " and j.id <> ?",
                job.contentKey(),
                job.id()));
  }

  /** The newest jobs in that state, at most 1,000. */
  public List<Job> in(JobState state) {
    return database.transaction(
        tx ->
            Rows.jobs(
                tx,
                "select * from job where state = ? order by created_at desc limit " + MANY,
                state.name()));
  }

  /** How many jobs stand in each state; states without jobs are absent. */
  public Map<JobState, Long> counts() {
    return database.transaction(
        tx -> {
          var counts = new EnumMap<JobState, Long>(JobState.class);
          tx.query(
              row -> counts.put(JobState.valueOf(row.getString(1)), row.getLong(2)),
              "select state, count(*) from job group by state");
          return counts;
        });
  }

  /** How many jobs made at or after {@code since} ended as failed or without a known answer. */
  public long failedSince(Instant since) {
    return database.transaction(
        tx ->
            tx.query(
                    row -> row.getLong(1),
                    "select count(distinct e.job_id) from event e join job j on j.id = e.job_id"
                        + " where e.at >= ? and e.state in ('FAILED','SUBMIT_UNKNOWN')"
                        + " and j.state in ('FAILED','SUBMIT_UNKNOWN')",
                    since.toEpochMilli())
                .get(0));
  }

  /** How many jobs still have something to be done for them, files to be moved among it. */
  public long open() {
    return database.transaction(
        tx -> tx.query(row -> row.getLong(1), "select count(*) from job where " + OPEN).get(0));
  }

  /**
   * How many of the open jobs do not just wait for the money of another day, or for a person to
   * resume their account.
   */
  public long busy(Instant now) {
    return database.transaction(
        tx ->
            tx.query(
                    row -> row.getLong(1),
                    "select count(*) from job where ("
                        + OPEN
                        + ") and not (state = 'READY' and held is not null and due_at > ?)"
                        + " and not (state = 'READY' and lease_until is null"
                        + " and provider in (select provider from pause))",
                    now.toEpochMilli())
                .get(0));
  }

  /**
   * A job that was due before {@code overdue} and that no worker has taken since; none if all are
   * looked after. Ready jobs may have to wait for their account and do not count.
   */
  public Optional<Job> forgotten(Instant overdue) {
    return database.transaction(
        tx ->
            Rows.first(
                tx,
                "select * from job where state in ('CLAIMED','RUNNING','GENERATED','FETCHED')"
                    + " and due_at < ? and (lease_until is null or lease_until < ?)"
                    + " order by due_at limit 1",
                overdue.toEpochMilli(),
                overdue.toEpochMilli()));
  }

  /** How many tasks of that account are, or may be, running. */
  public int inFlight(String provider) {
    return database.transaction(
        tx ->
            tx.query(
                    row -> row.getInt(1),
                    "select count(*) from job where provider = ? and (state in ('SUBMITTING',"
                        + "'RUNNING') or (state = 'READY' and lease_until is not null))",
                    provider)
                .get(0));
  }

  /** How many ready jobs of that account a worker holds now. */
  public int leased(String provider) {
    return database.transaction(
        tx ->
            tx.query(
                    row -> row.getInt(1),
                    "select count(*) from job where provider = ? and state in ('READY',"
                        + "'SUBMITTING') and lease_until is not null",
                    provider)
                .get(0));
  }

  /** The job that follows that task of that account, if one does. */
  public Optional<Job> following(String provider, String taskId) {
    return database.transaction(
        tx ->
            Rows.first(
                tx,
                "select * from job where provider = ? and task_id = ? limit 1",
                provider,
                taskId));
  }

  /** The job of that account whose task the provider accepted last, if there is one. */
  public Optional<Job> lastAccepted(String provider) {
    return database.transaction(
        tx ->
            Rows.first(
                tx,
                "select * from job where provider = ? and task_id is not null and state in"
                    + " ('RUNNING','GENERATED','FETCHED','DELIVERED') and submitted_at is not null"
                    + " order by submitted_at desc limit 1",
                provider));
  }

  /** The job's timeline, oldest first; empty for an unknown job. */
  public List<JobEvent> timeline(String id) {
    return database.transaction(
        tx ->
            tx.query(
                row ->
                    new JobEvent(
                        Instant.ofEpochMilli(row.getLong("at")),
                        JobState.valueOf(row.getString("state")),
                        row.getString("note")),
                "select at, state, note from event where job_id = ? order by seq",
                id));
  }

  /** What refuses the present step of that job, the longest trouble first; empty: nothing does. */
  public List<Trouble> troubles(Job job) {
    var since = job.troubleSince();
    var refusals = job.state() == JobState.FETCHED ? refusals(job.id()) : List.<Trouble>of();
    if (!refusals.isEmpty()) {
      return refusals;
    }
    if (job.state().ended() || job.tries() == 0 || since == null) {
      return List.of();
    }
    var said = "";
    for (var event : timeline(job.id())) {
      if (event.state() == job.state() && !event.note().startsWith(Ledger.ASKED_ANEW)) {
        said = event.note();
      }
    }
    return List.of(new Trouble(null, job.tries(), since, said, false, job.dueAt()));
  }

  private List<Trouble> refusals(String id) {
    return database.transaction(
        tx ->
            tx.query(
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
                id));
  }

  /** The targets that the results of that job are still to go to. */
  public List<OwedTarget> owed(String id) {
    return database.transaction(
        tx ->
            tx.query(
                row ->
                    new OwedTarget(
                        row.getString("target"),
                        row.getInt("tries"),
                        row.getString("said"),
                        row.getInt("given_up") == 1,
                        Instant.ofEpochMilli(row.getLong("due_at"))),
                "select target, tries, said, given_up, due_at from shipment where job_id = ?"
                    + " and arrived_at is null order by target",
                id));
  }

  /** The messages about that job that have not arrived everywhere yet, oldest first. */
  public List<OutcomeRow> untold(String id) {
    return database.transaction(
        tx ->
            tx.query(
                OutcomeRows::row,
                "select * from outcome where subject = ? order by number, way",
                id));
  }

  /** Whether all that was submitted for that job cost money, as far as anybody can know. */
  public Charged charged(Job job) {
    return facts(job).chargedByAttempts();
  }

  /** Credits spent or reserved in the UTC day of {@code now}, by profile. */
  public Map<String, Double> spent(Instant now) {
    return database.transaction(tx -> Attempts.spent(tx, DailySpending.day(now)));
  }

  /** How many ready jobs wait for money. */
  public long held() {
    return database.transaction(
        tx ->
            tx.query(
                    row -> row.getLong(1),
                    "select count(*) from job where held is not null and state = 'READY'")
                .get(0));
  }

  /** How many ready jobs wait at each account that a person has paused; none is 0. */
  public Map<String, Long> paused() {
    return database.transaction(
        tx -> {
          var waiting = new TreeMap<String, Long>();
          tx.query(
              row -> waiting.put(row.getString(1), row.getLong(2)),
              "select p.provider, count(j.id) from pause p left join job j"
                  + " on j.provider = p.provider and j.state = 'READY' group by p.provider");
          return waiting;
        });
  }

  /** Why that job waits for money; empty if it does not. */
  public Optional<String> held(String id) {
    return database.transaction(
        tx ->
            tx.first(
                row -> row.getString(1),
                "select held from job where id = ? and held is not null and state = 'READY'",
                id));
  }

  /** The inbox files that have served a job before and were left where they are. */
  public Set<String> sharedInputs() {
    return database.transaction(
        tx -> new HashSet<>(tx.query(row -> row.getString(1), "select path from shared_input")));
  }
}
