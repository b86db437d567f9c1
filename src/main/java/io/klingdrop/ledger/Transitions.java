package io.klingdrop.ledger;

import io.klingdrop.job.Failure;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.job.Move;
import io.klingdrop.job.Text;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one way a job's row changes: only along {@link Move}s, only if nobody else changed it since
 * it was read, with a line in the timeline and a word to those who are to be told. Each method
 * works inside the transaction of its caller.
 */
record Transitions(InstantSource clock) {
  /** The job goes over to another state, which is written down in its timeline. */
  Job move(Transaction tx, Job job, Move move, Change change, String note) throws SQLException {
    if (!move.mayBegin(job.state())) {
      throw new LedgerException(
          "job %s is %s and cannot become %s (%s)"
              .formatted(job.id(), job.state(), move.to(), move));
    }
    var after = update(tx, job, move.to(), change);
    append(tx, job.id(), move.to(), note);
    return after;
  }

  /** The job stays in its state; what is kept of it changes. */
  Job change(Transaction tx, Job job, Change change) throws SQLException {
    return update(tx, job, job.state(), change);
  }

  private Job update(Transaction tx, Job job, JobState next, Change change) throws SQLException {
    var sql = new StringBuilder("update job set version = version + 1, state = ?");
    if (!change.isInHand()) {
      sql.append(", lease_owner = null, lease_until = null");
    }
    List<@Nullable Object> args = new ArrayList<>();
    args.add(next.name());
    change
        .columns()
        .forEach(
            (column, value) -> {
              sql.append(", ").append(column).append(" = ?");
              args.add(value);
            });
    sql.append(" where id = ? and state = ? and version = ?");
    args.add(job.id());
    args.add(job.state().name());
    args.add(job.version());
    if (tx.update(sql.toString(), args.toArray()) != 1) {
      throw new StaleJobException(job, next);
    }
    var after = read(tx, job.id());
    if (change.isFiled() || (job.state().ended() && !next.ended())) {
      OutcomeWriter.release(tx, after.id(), after.home());
    }
    if (change.isOutcome()) {
      OutcomeWriter.ended(tx, after, clock.millis());
    }
    return after;
  }

  /** One more line in the timeline of a job whose state stays. */
  void note(Transaction tx, Job job, String note) throws SQLException {
    append(tx, job.id(), job.state(), note);
  }

  /** One more line in the timeline of the job of that id. */
  void append(Transaction tx, String id, JobState state, String note) throws SQLException {
    var sql =
        "insert into event (job_id, seq, at, state, note) values (?, (select coalesce(max(seq), 0)"
            + " + 1 from event where job_id = ?), ?, ?, ?)";
    tx.update(sql, id, id, clock.millis(), state.name(), Text.oneLine(note, 2000));
  }

  /** The job of that id, which is there. */
  static Job read(Transaction tx, String id) throws SQLException {
    return Rows.first(tx, "select * from job where id = ?", id)
        .orElseThrow(() -> new LedgerException("there is no job " + id));
  }

  /** Every target has a receipt. */
  Job delivered(Transaction tx, Job job) throws SQLException {
    return move(
        tx,
        job,
        Move.DELIVER,
        new Change()
            .calm()
            .failure(null)
            .set("delivered_at", clock.instant())
            .toFile(clock.instant()),
        "delivered");
  }

  /** The job failed for good; an attempt that is open failed with it. */
  Job fail(Transaction tx, Job job, Failure failure) throws SQLException {
    switch (job.state()) {
      case SUBMITTING -> Attempts.failed(tx, job, failure, 0.0, clock.instant());
      case RUNNING -> Attempts.failed(tx, job, failure, null, clock.instant());
      default -> {
        // no attempt is open
      }
    }
    return fail(tx, job, Move.FAIL, failure, job.cost().credits());
  }

  /** The job failed for good and took that many credits, null if nobody said. */
  Job fail(Transaction tx, Job job, Move move, Failure failure, @Nullable Double credits)
      throws SQLException {
    return move(
        tx,
        job,
        move,
        new Change().failure(failure).set("credits", credits).toFile(clock.instant()),
        failure.failureClass().channel() + ": " + failure.message());
  }
}
