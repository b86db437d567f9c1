package io.klingdrop.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How long the newest finished tasks of each model ran: {@value #KEPT} at most. Thread-safe. */
public record RunTimes(Database database) {
  /** How many are kept of each model. */
  public static final int KEPT = 60;

  /**
   * Notes how long the task of a job ran that was just found finished, and forgets what is too old.
   * Nothing is noted for a job without a task, and for one whose answer was once lost: when its
   * task was accepted is not known.
   *
   * @param told how long it ran by the provider's own word, null if that is not known
   */
  public void keep(String jobId, @Nullable Duration told) {
    database.transaction(
        tx -> {
          var sql =
              "insert into run_time (job_id, provider, model, audio_millis, working_millis,"
                  + " finished_millis, told_millis, at) select id, provider, model,"
                  + " coalesce(audio_millis, 0), case when looked_at > submitted_at then looked_at"
                  + " - submitted_at end, generated_at - submitted_at, cast(? as bigint),"
                  + " generated_at from job where id = ? and submitted_at is not null and"
                  + " generated_at is not null and not exists (select 1 from event where job_id ="
                  + " job.id and state = 'SUBMIT_UNKNOWN') on conflict (job_id) do update set"
                  + " working_millis = excluded.working_millis, finished_millis ="
                  + " excluded.finished_millis, told_millis = excluded.told_millis, at ="
                  + " excluded.at";
          tx.update(sql, told == null ? null : told.toMillis(), jobId);
          var delete =
              "delete from run_time where job_id in (select job_id from (select r.job_id,"
                  + " row_number() over (order by r.at desc, r.job_id desc) as turn from run_time r"
                  + " join job j on j.provider = r.provider and j.model = r.model where j.id = ?)"
                  + " as old where turn > ?)";
          return tx.update(delete, jobId, KEPT);
        });
  }

  /** Everything known of one model, oldest first. */
  public List<RunTime> of(String provider, String model) {
    var sql = "select * from run_time where provider = ? and model = ? order by at, job_id";
    return database.query(RunTimes::read, sql, provider, model);
  }

  /** Everything known of all models, oldest first. */
  public List<RunTime> all() {
    return database.query(RunTimes::read, "select * from run_time order by at, job_id");
  }

  private static RunTime read(ResultSet row) throws SQLException {
    return new RunTime(
        row.getString("provider"),
        row.getString("model"),
        row.getLong("audio_millis"),
        Rows.number(row, "working_millis"),
        row.getLong("finished_millis"),
        Rows.number(row, "told_millis"));
  }
}
