package io.klingdrop.ledger;

import io.klingdrop.job.Text;
import io.klingdrop.ledger.OutcomeRow.Way;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes that others are still to be told of. A message leaves only when it has arrived or
 * somebody drops it; of one subject only the oldest can be claimed. Thread-safe.
 */
public final class OutcomeRows {
  private static final String FIRST_OF_ITS_SUBJECT =
      " and not exists (select 1 from outcome e where e.way = o.way and e.subject = o.subject"
          + " and e.number < o.number)";

  private final Database database;
  private final InstantSource clock;

  /** The outcomes of an open database. */
  public OutcomeRows(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * What waits to be told.
   *
   * @param count messages
   * @param failing those whose sending has failed before
   * @param oldest when the oldest of them became true
   */
  public record Backlog(Way way, long count, long failing, Instant oldest) {}

  /**
   * Claims messages for {@code owner}, the longest due first. A claimed message is nobody else's
   * until its lease ends or it is changed.
   *
   * @param resting endpoints that are not to be bothered now
   */
  public List<OutcomeRow> claim(
      Way way, Collection<String> resting, int limit, String owner, Duration lease) {
    var now = clock.millis();
    List<Object> args =
        new ArrayList<>(List.of(owner, now + lease.toMillis(), way.name(), way.name(), now, now));
    args.addAll(resting);
    args.add(limit);
    var awake =
        resting.isEmpty()
            ? ""
            : " and (waits_for is null or waits_for not in ("
                + String.join(",", Collections.nCopies(resting.size(), "?"))
                + "))";
    return database.transaction(
        tx -> {
          var rows =
              tx.query(
                  OutcomeRows::row,
                  "update outcome set lease_owner = ?, lease_until = ? where way = ? and number in"
                      + " (select number from outcome o where way = ? and released = 1"
                      + " and due_at <= ? and (lease_until is null or lease_until < ?)"
                      + awake
                      + FIRST_OF_ITS_SUBJECT
                      + " order by due_at, number limit ?"
                      + tx.skipLocked()
                      + ") returning *",
                  args.toArray());
          rows.sort(Comparator.comparing(OutcomeRow::number));
          return rows;
        });
  }

  /** The message has arrived, or is not to be sent. */
  public void done(OutcomeRow row) {
    database.transaction(
        tx ->
            tx.update(
                "delete from outcome where way = ? and number = ?",
                row.way().name(),
                row.number()));
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
    database.transaction(
        tx ->
            tx.update(
                "update outcome set tries = tries + 1, error = ?, due_at = ?, waits_for = ?,"
                    + " reached = ?, lease_owner = null, lease_until = null"
                    + " where way = ? and number = ?",
                Text.oneLine(error, 500),
                again.toEpochMilli(),
                waitsFor,
                String.join("\n", new TreeSet<>(reached)),
                row.way().name(),
                row.number()));
  }

  /** The message was not tried: the endpoint is known not to take any now. */
  public void spared(OutcomeRow row, String waitsFor, Collection<String> reached) {
    database.transaction(
        tx ->
            tx.update(
                "update outcome set waits_for = ?, reached = ?, lease_owner = null,"
                    + " lease_until = null where way = ? and number = ?",
                waitsFor,
                String.join("\n", new TreeSet<>(reached)),
                row.way().name(),
                row.number()));
  }

  /** Forgets all leases of {@code owner}: called at start, when no worker of it can be alive. */
  public void releaseAll(String owner) {
    database.transaction(
        tx ->
            tx.update(
                "update outcome set lease_owner = null, lease_until = null where lease_owner = ?",
                owner));
  }

  /** Whether there is a message that was never tried and could be, or that is being sent now. */
  public boolean anyFresh() {
    return database.transaction(
        tx ->
            tx.first(
                    row -> row.getInt(1),
                    "select 1 from outcome o where lease_until >= ? or (released = 1 and tries = 0"
                        + " and waits_for is null"
                        + FIRST_OF_ITS_SUBJECT
                        + ") limit 1",
                    clock.millis())
                .isPresent());
  }

  /** What waits to be told, one entry for each way on which anything waits. */
  public List<Backlog> backlog() {
    return database.transaction(
        tx ->
            tx.query(
                row ->
                    new Backlog(
                        Way.valueOf(row.getString(1)),
                        row.getLong(2),
                        row.getLong(3),
                        Instant.ofEpochMilli(row.getLong(4))),
                "select way, count(*), sum(case when tries > 0 or waits_for is not null then 1"
                    + " else 0 end), min(at) from outcome group by way order by way"));
  }

  /** The oldest messages that wait, at most {@code limit}. */
  public List<OutcomeRow> waiting(int limit) {
    return database.transaction(
        tx ->
            tx.query(
                OutcomeRows::row, "select * from outcome order by number, way limit ?", limit));
  }

  /**
   * A person gives up telling.
   *
   * @param word a message's id or subject; empty for all
   * @return how many messages were dropped
   */
  public int drop(String word) {
    return database.transaction(
        tx ->
            word.isEmpty()
                ? tx.update("delete from outcome")
                : tx.update("delete from outcome where id = ? or subject = ?", word, word));
  }

  static OutcomeRow row(ResultSet row) throws SQLException {
    var reached = row.getString("reached");
    return new OutcomeRow(
        row.getLong("number"),
        Way.valueOf(row.getString("way")),
        row.getString("id"),
        row.getString("subject"),
        row.getString("type"),
        row.getString("data"),
        row.getString("folder"),
        Instant.ofEpochMilli(row.getLong("at")),
        Instant.ofEpochMilli(row.getLong("due_at")),
        row.getInt("tries"),
        row.getString("waits_for"),
        Optional.of(reached)
            .filter(text -> !text.isEmpty())
            .map(text -> Set.of(text.split("\n", -1)))
            .orElse(Set.of()),
        row.getString("error"));
  }
}
