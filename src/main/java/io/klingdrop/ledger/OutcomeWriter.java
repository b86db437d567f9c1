package io.klingdrop.ledger;

import io.klingdrop.document.JobDocument;
import io.klingdrop.document.LaneDocument;
import io.klingdrop.job.ClosedLane;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.ledger.OutcomeRow.Way;
import java.sql.SQLException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes outcomes down inside the transaction that makes them true. */
final class OutcomeWriter {

  private OutcomeWriter() {}

  /** The job has ended; the message waits for its files where the message is to name a folder. */
  static void ended(Transaction tx, Job job, long now) throws SQLException {
    var type =
        switch (job.state()) {
          case DELIVERED, DUPLICATE, CANCELLED -> job.state().name().toLowerCase(Locale.ROOT);
          case FAILED, SUBMIT_UNKNOWN -> "failed";
          case CLAIMED, READY, SUBMITTING, RUNNING, GENERATED, FETCHED ->
              throw new IllegalStateException("job " + job.id() + " has not ended");
        };
    var number = next(tx);
    put(
        tx,
        number,
        job.id() + "." + number,
        job.id(),
        "io.klingdrop.job." + type + ".v1",
        document(tx, job),
        job.state() == JobState.DELIVERED,
        now);
  }

  /** The job as it is in this transaction. */
  private static String document(Transaction tx, Job job) throws SQLException {
    var document = JobDocument.of(Facts.of(tx, job)).places();
    var first = Rows.first(tx, "select * from job where id = ?", job.content().duplicateOf());
    if (first.isPresent()) {
      document.first(Facts.of(tx, first.get()));
    }
    return document.line();
  }

  /** The files of that job have reached {@code folder}, or the job went on. */
  static void release(Transaction tx, String jobId, @Nullable String folder) throws SQLException {
    var sql = "update outcome set released = 1, folder = ? where subject = ? and released = 0";
    tx.update(sql, folder, jobId);
  }

  /** What was just written of that job is no outcome: it is tried again at once. */
  static void forget(Transaction tx, String jobId) throws SQLException {
    tx.update("delete from outcome where subject = ? and released = 0", jobId);
  }

  static void lane(Transaction tx, ClosedLane lane, boolean closed, long now) throws SQLException {
    var number = next(tx);
    put(
        tx,
        number,
        "lane." + now + "." + number,
        "lane/" + lane.provider() + (lane.model().isEmpty() ? "" : "/" + lane.model()),
        "io.klingdrop.lane." + (closed ? "closed" : "opened") + ".v1",
        LaneDocument.line(lane, closed),
        true,
        now);
  }

  /** One after the other: who has the next number has seen all before it. */
  private static long next(Transaction tx) throws SQLException {
    return tx.query(
            row -> row.getLong(1), "update outcome_number set last = last + 1 returning last")
        .get(0);
  }

  private static void put(
      Transaction tx,
      long number,
      String id,
      String subject,
      String type,
      String data,
      boolean released,
      long now)
      throws SQLException {
    for (var way : Way.values()) {
      var sql =
          "insert into outcome (number, way, id, subject, type, data, released, at, due_at)"
              + " values (?, ?, ?, ?, ?, ?, ?, ?, ?)";
      tx.update(sql, number, way.name(), id, subject, type, data, released ? 1 : 0, now, now);
    }
  }
}
