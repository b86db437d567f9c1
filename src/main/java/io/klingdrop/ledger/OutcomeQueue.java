package io.klingdrop.ledger;

import io.klingdrop.job.Text;
import io.klingdrop.ledger.OutcomeRow.Way;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The transactional outbox: messages that were written down together with what they tell of, and
 * are to be sent. One leaves only when it has arrived or somebody drops it; of one subject only the
 * oldest can be claimed. What was claimed by another since is not changed. Thread-safe.
 */
public record OutcomeQueue(Database database, Holder holder, InstantSource clock) {
  /**
   * Claims messages for this node, the longest due first. A claimed message is nobody else's until
   * its lease ends or it is changed.
   *
   * @param resting endpoints that are not to be bothered now
   */
  public List<OutcomeRow> claim(Way way, Collection<String> resting, int limit, Duration lease) {
    var awake =
        resting.isEmpty()
            ? ""
            : " and (waits_for is null or waits_for not in (" + Many.marks(resting.size()) + "))";
    return database.transaction(
        tx -> {
          var now = tx.leaseNow(clock);
          List<Object> args = new ArrayList<>(List.of(holder.name(), now + holder.millis(lease)));
          args.addAll(List.of(way.name(), way.name(), clock.millis(), now));
          args.addAll(resting);
          args.add(limit);
          var sql =
              "update outcome set epoch = epoch + 1, lease_owner = ?, lease_until = ? where way = ?"
                  + " and number in"
                  + " (select number from outcome o where way = ? and released = 1"
                  + " and due_at <= ? and (lease_until is null or lease_until < ?)"
                  + awake
                  + OutcomeRows.FIRST_OF_ITS_SUBJECT
                  + " order by due_at, number limit ?"
                  + tx.skipLocked()
                  + ") returning *";
          var rows = tx.query(OutcomeRows::row, sql, args.toArray());
          rows.sort(Comparator.comparing(OutcomeRow::number));
          return rows;
        });
  }

  /** The message has arrived, or is not to be sent. */
  public void done(OutcomeRow row) {
    var sql = "delete from outcome where way = ? and number = ? and epoch = ?";
    database.update(sql, row.way().name(), row.number(), row.epoch());
  }

  /**
   * The message did not arrive; it is tried again.
   *
   * @param waitsFor the endpoint that did not take it, null if that is not known
   * @param reached the endpoints that did
   */
  public void later(
      OutcomeRow row,
      String error,
      Instant again,
      @Nullable String waitsFor,
      Collection<String> reached) {
    database.update(
        "update outcome set tries = tries + 1, error = ?, due_at = ?, waits_for = ?,"
            + " reached = ?, lease_owner = null, lease_until = null"
            + " where way = ? and number = ? and epoch = ?",
        Text.oneLine(error, 500),
        again.toEpochMilli(),
        waitsFor,
        String.join("\n", new TreeSet<>(reached)),
        row.way().name(),
        row.number(),
        row.epoch());
  }

  /** The message was not tried: the endpoint is known not to take any now. */
  public void spared(OutcomeRow row, String waitsFor, Collection<String> reached) {
    var sql =
        "update outcome set waits_for = ?, reached = ?, lease_owner = null,"
            + " lease_until = null where way = ? and number = ? and epoch = ?";
    database.update(
        sql,
        waitsFor,
        String.join("\n", new TreeSet<>(reached)),
        row.way().name(),
        row.number(),
        row.epoch());
  }
}
