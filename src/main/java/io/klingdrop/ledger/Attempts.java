package io.klingdrop.ledger;

import io.klingdrop.job.Attempt;
import io.klingdrop.job.Charged;
import io.klingdrop.job.Failure;
import io.klingdrop.job.Job;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a job's attempts. The present one has the number {@link Job#attempts()}. Each method
 * works inside the transaction that moves the job.
 */
final class Attempts {

  private Attempts() {}

  /** createTask is about to be called for the {@code number}th time. */
  static void begin(Transaction tx, Job job, int number, Instant now) throws SQLException {
    var sql = "insert into attempt (job_id, number, submitted_at, reserved) values (?, ?, ?, ?)";
    tx.update(sql, job.id(), number, now.toEpochMilli(), job.cost().estimate());
  }

  /** Nothing was created and the job goes on waiting: what was set aside is free again. */
  static void undo(Transaction tx, Job job) throws SQLException {
    tx.update("delete from attempt where job_id = ? and number = ?", job.id(), job.attempts());
  }

  /** The present attempt has this task; whatever was thought of its end before is forgotten. */
  static void runs(Transaction tx, Job job, @Nullable String taskId) throws SQLException {
    var sql =
        "update attempt set task_id = ?, ended_at = null, fail_code = null, fail_message = null,"
            + " charged = null where job_id = ? and number = ?";
    tx.update(sql, taskId, job.id(), job.attempts());
  }

  /** An attempt that was given up has this task after all, unless its number has another by now. */
  static void late(Transaction tx, Job job, String taskId, Instant now) throws SQLException {
    tx.update(
        "insert into attempt (job_id, number, task_id, submitted_at, charged, reserved)"
            + " values (?, ?, ?, ?, 'UNKNOWN', ?) on conflict (job_id, number) do update set"
            + " task_id = excluded.task_id, charged = 'UNKNOWN' where attempt.task_id is null",
        job.id(),
        job.attempts(),
        taskId,
        now.toEpochMilli(),
        job.cost().estimate());
  }

  /**
   * The present attempt made its video.
   *
   * @param credits null if the provider did not say; what was set aside then counts on
   */
  static void made(Transaction tx, Job job, @Nullable Double credits, Instant now)
      throws SQLException {
    var charged = credits != null && credits <= 0 ? Charged.NO : Charged.YES;
    ended(tx, job, null, null, charged, credits, now);
  }

  /**
   * The present attempt failed, or its answer was lost.
   *
   * @param credits null if nobody said; what was set aside then counts on
   */
  static void failed(
      Transaction tx, Job job, Failure failure, @Nullable Double credits, Instant now)
      throws SQLException {
    ended(tx, job, failure.code(), failure.message(), failure.charged(), credits, now);
  }

  private static void ended(
      Transaction tx,
      Job job,
      @Nullable String code,
      @Nullable String message,
      Charged charged,
      @Nullable Double credits,
      Instant now)
      throws SQLException {
    var sql =
        "update attempt set ended_at = ?, fail_code = ?, fail_message = ?, charged = ?,"
            + " credits = ? where job_id = ? and number = ?";
    var took = credits == null ? null : Double.valueOf(Math.max(0, credits));
    tx.update(
        sql, now.toEpochMilli(), code, message, charged.name(), took, job.id(), job.attempts());
  }

  /** The present attempt goes on at the provider, and nobody here looks at it any more. */
  static void left(Transaction tx, Job job, Instant now) throws SQLException {
    tx.update(
        "update attempt set ended_at = ?, fail_message = ?, charged = 'UNKNOWN' where job_id = ?"
            + " and number = ?",
        now.toEpochMilli(),
        "a person stopped it here; the task goes on at the provider",
        job.id(),
        job.attempts());
  }

  /** Credits spent or reserved at or after that time, by profile. */
  static Map<String, Double> spent(Transaction tx, Instant since) throws SQLException {
    var spent = new HashMap<String, Double>();
    var sql =
        "select j.profile, sum(coalesce(a.credits, a.reserved, 0)) from attempt a join job j on"
            + " j.id = a.job_id where a.submitted_at >= ? group by j.profile";
    tx.query(row -> spent.put(row.getString(1), row.getDouble(2)), sql, since.toEpochMilli());
    return spent;
  }

  /** Whether every attempt there ever was is known to have cost nothing. */
  static boolean allFree(Transaction tx, Job job) throws SQLException {
    var sql = "select count(*) from attempt where job_id = ? and charged = 'NO'";
    return tx.query(row -> row.getInt(1), sql, job.id()).get(0) == job.attempts();
  }

  static Attempt row(ResultSet row) throws SQLException {
    var charged = row.getString("charged");
    return new Attempt(
        row.getInt("number"),
        row.getString("task_id"),
        Instant.ofEpochMilli(row.getLong("submitted_at")),
        Rows.instant(row, "ended_at"),
        row.getString("fail_code"),
        row.getString("fail_message"),
        charged == null ? null : Charged.valueOf(charged),
        Rows.amount(row, "reserved"),
        Rows.amount(row, "credits"));
  }
}
