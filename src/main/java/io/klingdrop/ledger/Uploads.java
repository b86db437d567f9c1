package io.klingdrop.ledger;

import io.klingdrop.job.JobState;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Media that were made reachable for the provider, until they expire. Thread-safe. */
public record Uploads(Database database) {
  private static final Set<JobState> TASK_OVER =
      Set.of(
          JobState.GENERATED,
          JobState.FETCHED,
          JobState.DELIVERED,
          JobState.FAILED,
          JobState.CANCELLED,
          JobState.DUPLICATE);

  /** The address of that file of that job, if it stays good until {@code until}. */
  public Optional<String> find(String jobId, String name, Instant until) {
    var sql = "select url from upload where job_id = ? and name = ? and expires_at >= ?";
    return database.first(row -> row.getString(1), sql, jobId, name, until.toEpochMilli());
  }

  public void keep(String jobId, String name, String url, Instant expires) {
    var sql =
        "insert into upload (job_id, name, url, expires_at) values (?, ?, ?, ?)"
            + " on conflict (job_id, name) do update set url = excluded.url,"
            + " expires_at = excluded.expires_at";
    database.update(sql, jobId, name, url, expires.toEpochMilli());
  }

  /**
   * Forgets an upload nobody reads any more, for its job's task is over. A job that was begun anew
   * meanwhile keeps it.
   *
   * @param token a part of the address that no other has
   * @return whether what lies at the address may be removed
   */
  public boolean forget(String jobId, String token) {
    return database.transaction(
        tx -> {
          var sql = "select state from job where id = ?";
          var over = tx.first(row -> JobState.valueOf(row.getString(1)), sql, jobId);
          if (over.isEmpty() || !TASK_OVER.contains(over.get())) {
            return false;
          }
          tx.update("delete from upload where job_id = ? and url like ?", jobId, "%" + token + "%");
          return true;
        });
  }

  /** Whether any upload is one in a bucket of ours, with a signed address. */
  public boolean anySigned() {
    var sql = "select 1 from upload where url like '%/media/%X-Amz-Signature=%' limit 1";
    return database.first(row -> 1, sql).isPresent();
  }
}
