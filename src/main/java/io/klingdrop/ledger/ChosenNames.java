package io.klingdrop.ledger;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * The names that jobs of all nodes are about to take at a target: no two jobs choose the same.
 * Whoever works for a job after a crash has its names too. Thread-safe.
 */
public record ChosenNames(Database database, InstantSource clock) {
  /** What a crash leaves keeps nobody from a name for longer. */
  private static final Duration KEPT = Duration.ofDays(1);

  /**
   * Takes all of these names for a job, or none.
   *
   * @param target whose names they are
   * @return whether they are the job's now; false if any of them is another job's
   */
  public boolean take(String target, List<String> names, String jobId) {
    return database.transaction(
        tx -> {
          var now = clock.millis();
          var old = "delete from chosen_name where target = ? and at < ?";
          tx.update(old, target, now - KEPT.toMillis());
          var taken = 0;
          // in one order for all, so that two nodes never wait for each other
          for (var name : names.stream().sorted().toList()) {
            var sql =
                "insert into chosen_name (target, name, job_id, at) values (?, ?, ?, ?) on conflict"
                    + " (target, name) do update set at = excluded.at where chosen_name.job_id ="
                    + " excluded.job_id";
            taken += tx.update(sql, target, name, jobId, now);
          }
          if (taken == names.size()) {
            return true;
          }
          tx.update("delete from chosen_name where target = ? and job_id = ?", target, jobId);
          return false;
        });
  }

  /** The job has given its files their names, or will choose anew. */
  public void release(String target, String jobId) {
    database.update("delete from chosen_name where target = ? and job_id = ?", target, jobId);
  }
}
