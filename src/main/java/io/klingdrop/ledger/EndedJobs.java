package io.klingdrop.ledger;

import io.klingdrop.job.FailureClass;
import io.klingdrop.job.JobState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What has come to an end lately, for whoever counts and measures it. Thread-safe. */
public record EndedJobs(Database database) {
  /**
   * A job has reached a state that is an end, or {@code SUBMIT_UNKNOWN}.
   *
   * @param key no other end has it
   * @param failureClass of the job as it is now, null if it has none
   * @param calls createTask and recordInfo calls of the job so far
   * @param whole from the drop to the delivery, null if it is not delivered
   * @param delivery from the provider's end to the delivery, null if it is not delivered
   */
  public record End(
      String key,
      Instant at,
      JobState state,
      String account,
      @Nullable FailureClass failureClass,
      long calls,
      @Nullable Duration whole,
      @Nullable Duration delivery) {}

  /**
   * A task was found finished.
   *
   * @param key no other finish has it
   * @param lag how long after its end, by the provider's own word
   */
  public record Noticed(String key, Instant at, String account, Duration lag) {}

  /** All ends at or after {@code since}, in no order. */
  public List<End> ends(Instant since) {
    return database.query(
        row -> {
          var delivered =
              JobState.valueOf(row.getString("state")) == JobState.DELIVERED
                  ? Rows.number(row, "delivered_at")
                  : null;
          var failureClass = row.getString("fail_class");
          return new End(
              row.getString("job_id") + "." + row.getLong("seq"),
              Instant.ofEpochMilli(row.getLong("at")),
              JobState.valueOf(row.getString("state")),
              row.getString("provider"),
              failureClass == null ? null : FailureClass.valueOf(failureClass),
              row.getLong("calls"),
              between(Rows.number(row, "created_at"), delivered),
              between(Rows.number(row, "generated_at"), delivered));
        },
        // a note on a job that has ended stands under the same state
        "select e.job_id, e.seq, e.at, e.state, j.provider, j.fail_class, j.created_at,"
            + " j.generated_at, j.delivered_at, j.polls + j.attempts as calls from event e"
            + " join job j on j.id = e.job_id where e.at >= ? and e.state in ('DELIVERED',"
            + "'FAILED','SUBMIT_UNKNOWN','CANCELLED','DUPLICATE') and not exists (select 1"
            + " from event b where b.job_id = e.job_id and b.seq = e.seq - 1 and b.state ="
            + " e.state)",
        since.toEpochMilli());
  }

  private static @Nullable Duration between(@Nullable Long from, @Nullable Long to) {
    return from == null || to == null ? null : Duration.ofMillis(Math.max(0, to - from));
  }

  /** All tasks found finished at or after {@code since}, in no order; the newest of each model. */
  public List<Noticed> noticed(Instant since) {
    return database.query(
        row ->
            new Noticed(
                row.getString("job_id") + "@" + row.getLong("at"),
                Instant.ofEpochMilli(row.getLong("at")),
                row.getString("provider"),
                Duration.ofMillis(Math.max(0, row.getLong("lag")))),
        "select job_id, at, provider, finished_millis - told_millis as lag from run_time"
            + " where told_millis is not null and at >= ?",
        since.toEpochMilli());
  }
}
