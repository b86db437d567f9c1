package io.klingdrop.ledger;

import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which jobs there are. Changes nothing. Thread-safe. */
public record JobQueries(Database database) {
  private static final int MANY = 1000;

  public JobCounts counts() {
    return new JobCounts(database);
  }

  public JobHistory history() {
    return new JobHistory(database);
  }

  public Optional<Job> job(String id) {
    return Rows.first(database, "select * from job where id = ?", id);
  }

  /** The jobs of these ids, in no order; those that are not there are left out. */
  public List<Job> jobs(Collection<String> ids) {
    var sql = "select * from job where id in (" + Many.marks(ids.size()) + ")";
    return ids.isEmpty() ? List.of() : Rows.jobs(database, sql, ids.toArray());
  }

  /** The job ids somebody was told for files of these names that are no jobs yet, newest first. */
  public List<Reservation> reserved(Collection<String> paths) {
    return Reservations.naming(database, paths);
  }

  /** The jobs whose id, task id or name is {@code word}, or whose id begins with it. */
  public List<Job> find(String word) {
    return Rows.jobs(
        database,
        "select * from job where id = ? or task_id = ? or name = ?"
            + " or id in (select job_id from attempt where task_id = ?)"
            + " or (length(?) >= 4 and substr(id, 1, length(?)) = ?)"
            + " order by created_at limit 20",
        Collections.nCopies(7, word).toArray());
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
    return Rows.jobs(
        database, "select * from job where " + where + " order by created_at, id", args.toArray());
  }

  /** The other job that has taken over the content of that job, if one has. */
  public Optional<Job> successor(Job job) {
    return Rows.first(
        database,
        "select j.* from job j join content c on c.job_id = j.id where c.content_key = ?"
            + " and j.id <> ?",
        job.content().key(),
        job.id());
  }

  /** The newest jobs of all, at most 1,000, as they stand at one moment. */
  public List<Job> newest() {
    return Rows.jobs(database, "select * from job order by created_at desc limit " + MANY);
  }

  /** The newest jobs in that state, at most 1,000. */
  public List<Job> in(JobState state) {
    return Rows.jobs(
        database,
        "select * from job where state = ? order by created_at desc limit " + MANY,
        state.name());
  }

  /**
   * A job that was due before {@code overdue} and that no worker has taken since; none if all are
   * looked after. Ready jobs may have to wait for their account and do not count.
   */
  public Optional<Job> forgotten(Instant overdue) {
    var ids =
        database.query(
            row -> row.getString(1),
            "select id from job where state in ('CLAIMED','RUNNING','GENERATED','FETCHED')"
                + " and due_at < ? and (lease_until is null or lease_until < ?)"
                + " order by due_at limit 1",
            overdue.toEpochMilli(),
            overdue.toEpochMilli());
    return ids.stream().findFirst().flatMap(this::job);
  }

  /** The job that follows that task of that account, if one does. */
  public Optional<Job> following(String provider, String taskId) {
    return Rows.first(
        database, "select * from job where provider = ? and task_id = ? limit 1", provider, taskId);
  }

  /** The job of that account whose task the provider accepted last, if there is one. */
  public Optional<Job> lastAccepted(String provider) {
    return Rows.first(
        database,
        "select * from job where provider = ? and task_id is not null and state in"
            + " ('RUNNING','GENERATED','FETCHED','DELIVERED') and submitted_at is not null"
            + " order by submitted_at desc limit 1",
        provider);
  }

  /** The inbox files that have served a job before and were left where they are. */
  public Set<String> sharedInputs() {
    return new HashSet<>(database.query(row -> row.getString(1), "select path from shared_input"));
  }
}
