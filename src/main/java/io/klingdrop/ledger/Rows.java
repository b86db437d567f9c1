package io.klingdrop.ledger;

import io.klingdrop.job.BundleFile;
import io.klingdrop.job.Charged;
import io.klingdrop.job.Failure;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.job.ResultFile;
import io.klingdrop.job.Role;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads rows of the ledger into the words of the job room. */
final class Rows {

  private Rows() {}

  /** The first job that statement finds, with its files and results. */
  static Optional<Job> first(Transaction tx, String sql, @Nullable Object... args)
      throws SQLException {
    return jobs(tx, sql, args).stream().findFirst();
  }

  /** The same in a transaction of its own. */
  static Optional<Job> first(Database database, String sql, @Nullable Object... args) {
    return database.transaction(tx -> first(tx, sql, args));
  }

  /** The jobs that statement finds, in a transaction of its own. */
  static List<Job> jobs(Database database, String sql, @Nullable Object... args) {
    return database.transaction(tx -> jobs(tx, sql, args));
  }

  /** The jobs that statement finds, with their files and results: three questions for them all. */
  static List<Job> jobs(Transaction tx, String sql, @Nullable Object... args) throws SQLException {
    var jobs = tx.query(Rows::bare, sql, args);
    var ids = jobs.stream().map(Job::id).toList();
    var files =
        Many.of(
            tx,
            Rows::file,
            "select job_id, role, name, sha256, bytes, shared from bundle_file where job_id in (%s)"
                + " order by name",
            ids);
    var results =
        Many.of(
            tx,
            Rows::result,
            "select job_id, number, url, file, sha256, bytes, extension, duration_millis"
                + " from result_file where job_id in (%s) order by number",
            ids);
    return jobs.stream().map(job -> job.with(files.of(job.id()), results.of(job.id()))).toList();
  }

  /** The job of this row without files and results. */
  private static Job bare(ResultSet row) throws SQLException {
    return new Job(
        row.getString("id"),
        row.getLong("version"),
        new Job.Origin(row.getString("profile"), row.getString("sub_path"), row.getString("name")),
        new Job.Goal(row.getString("provider"), row.getString("model")),
        JobState.valueOf(row.getString("state")),
        failure(row),
        row.getString("task_id"),
        row.getString("home"),
        row.getInt("filed") != 0,
        new Job.Content(
            row.getString("request"), row.getString("content_key"), row.getString("duplicate_of")),
        new Job.Cost(number(row, "audio_millis"), amount(row, "estimate"), amount(row, "credits")),
        new Job.Progress(
            row.getInt("attempts"),
            row.getInt("polls"),
            row.getString("provider_word"),
            row.getInt("tries"),
            instant(row, "trouble_since")),
        new Job.Times(
            Instant.ofEpochMilli(row.getLong("created_at")),
            instant(row, "submitted_at"),
            instant(row, "generated_at"),
            instant(row, "delivered_at"),
            Instant.ofEpochMilli(row.getLong("due_at"))),
        List.of(),
        List.of());
  }

  private static @Nullable Failure failure(ResultSet row) throws SQLException {
    var failureClass = row.getString("fail_class");
    if (failureClass == null) {
      return null;
    }
    var status = number(row, "http_status");
    return new Failure(
        FailureClass.valueOf(failureClass),
        row.getString("fail_code"),
        row.getString("fail_message"),
        status == null ? null : Integer.valueOf(status.intValue()),
        Charged.valueOf(row.getString("charged")));
  }

  private static BundleFile file(ResultSet row) throws SQLException {
    return new BundleFile(
        Role.valueOf(row.getString("role")),
        row.getString("name"),
        row.getString("sha256"),
        row.getLong("bytes"),
        row.getInt("shared") != 0);
  }

  private static ResultFile result(ResultSet row) throws SQLException {
    return new ResultFile(
        row.getInt("number"),
        row.getString("url"),
        row.getString("file"),
        row.getString("sha256"),
        row.getLong("bytes"),
        row.getString("extension"),
        number(row, "duration_millis"));
  }

  static @Nullable Long number(ResultSet row, String column) throws SQLException {
    var value = row.getLong(column);
    return row.wasNull() ? null : value;
  }

  static @Nullable Double amount(ResultSet row, String column) throws SQLException {
    var value = row.getDouble(column);
    return row.wasNull() ? null : value;
  }

  static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    var millis = number(row, column);
    return millis == null ? null : Instant.ofEpochMilli(millis);
  }
}
