package io.klingdrop.ledger;

import io.klingdrop.job.JobState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The addresses providers were given to call back at. Thread-safe. */
public record CallbackRows(Database database) {
  /**
   * An address that was given out.
   *
   * @param hash of its secret, in hex
   * @param attempt which createTask of the job named it
   * @param taskId what a callback said, null if none came yet
   */
  public record Address(
      String hash,
      String jobId,
      String provider,
      int attempt,
      Instant madeAt,
      @Nullable String taskId) {}

  /** Keeps an address; one of the same attempt, which was refused, is forgotten. */
  public void keep(Address address) {
    database.transaction(
        tx -> {
          var sql = "delete from callback where job_id = ? and attempt = ?";
          tx.update(sql, address.jobId(), address.attempt());
          return tx.update(
              "insert into callback (secret_hash, job_id, provider, attempt, made_at)"
                  + " values (?, ?, ?, ?, ?)",
              address.hash(),
              address.jobId(),
              address.provider(),
              address.attempt(),
              address.madeAt().toEpochMilli());
        });
  }

  /**
   * The addresses that may still be called: of jobs under way, and all made since {@code since}.
   */
  public List<Address> alive(Instant since) {
    var sql =
        "select c.* from callback c join job j on j.id = c.job_id where c.made_at >= ? or"
            + " j.state in ('SUBMITTING','SUBMIT_UNKNOWN','RUNNING')";
    return database.query(CallbackRows::read, sql, since.toEpochMilli());
  }

  /** The addresses whose callback named the task of a job whose createTask answer is lost. */
  public List<Address> lostButTold() {
    return database.query(
        CallbackRows::read,
        "select c.* from job j join callback c on c.job_id = j.id and c.attempt = j.attempts"
            + " where j.state = 'SUBMIT_UNKNOWN' and c.task_id is not null");
  }

  /**
   * The task that a callback named is found or not believed: it is not looked for again, unless
   * another callback names another one, also meanwhile.
   */
  public void settled(Address address) {
    var sql = "update callback set task_id = null where secret_hash = ? and task_id = ?";
    database.update(sql, address.hash(), address.taskId());
  }

  /**
   * A callback came: notes it, and makes a running job due at once if it told the end. What the
   * job's workers do meanwhile is not disturbed.
   *
   * @param taskId what it said, empty for nothing
   * @param ended whether it told the end of the task
   * @return the state the job is in
   */
  public JobState heard(Address address, String taskId, boolean ended, Instant now) {
    return database.transaction(
        tx -> {
          var sql =
              "update callback set heard_at = coalesce(heard_at, ?), task_id = coalesce(?, task_id)"
                  + " where secret_hash = ?";
          tx.update(sql, now.toEpochMilli(), taskId.isEmpty() ? null : taskId, address.hash());
          if (ended) {
            var update =
                "update job set due_at = ? where id = ? and state = 'RUNNING' and due_at > ?";
            tx.update(update, now.toEpochMilli(), address.jobId(), now.toEpochMilli());
          }
          var select = "select state from job where id = ?";
          return JobState.valueOf(
              tx.query(row -> row.getString(1), select, address.jobId()).get(0));
        });
  }

  /** Callbacks do not come: all running tasks of that account, accepted by then, are due now. */
  public int hasten(String provider, Instant acceptedBy, Instant now) {
    var sql =
        "update job set due_at = ? where state = 'RUNNING' and provider = ? and due_at > ?"
            + " and submitted_at <= ?";
    return database.update(
        sql, now.toEpochMilli(), provider, now.toEpochMilli(), acceptedBy.toEpochMilli());
  }

  private static Address read(ResultSet row) throws SQLException {
    return new Address(
        row.getString("secret_hash"),
        row.getString("job_id"),
        row.getString("provider"),
        row.getInt("attempt"),
        Instant.ofEpochMilli(row.getLong("made_at")),
        row.getString("task_id"));
  }
}
