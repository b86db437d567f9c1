package io.klingdrop.ledger;

import io.klingdrop.ledger.OutcomeRow.Way;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/** The outcomes that others are still to be told of, as people ask for them. Thread-safe. */
public record OutcomeRows(Database database, InstantSource clock) {
  static final String FIRST_OF_ITS_SUBJECT =
      " and not exists (select 1 from outcome e where e.way = o.way and e.subject = o.subject"
          + " and e.number < o.number)";

  /**
   * What waits to be told.
   *
   * @param count messages
   * @param failing those whose sending has failed before
   * @param oldest when the oldest of them became true
   */
  public record Backlog(Way way, long count, long failing, Instant oldest) {}

  /** Whether there is a message that was never tried and could be, or that is being sent now. */
  public boolean anyFresh() {
    var sql =
        "select 1 from outcome o where lease_until >= ? or (released = 1 and tries = 0"
            + " and waits_for is null"
            + FIRST_OF_ITS_SUBJECT
            + ") limit 1";
    return database.first(row -> 1, sql, clock.millis()).isPresent();
  }

  /** What waits to be told, one entry for each way on which anything waits. */
  public List<Backlog> backlog() {
    return database.query(
        row ->
            new Backlog(
                Way.valueOf(row.getString(1)),
                row.getLong(2),
                row.getLong(3),
                Instant.ofEpochMilli(row.getLong(4))),
        "select way, count(*), sum(case when tries > 0 or waits_for is not null then 1"
            + " else 0 end), min(at) from outcome group by way order by way");
  }

  /** The oldest messages that wait, at most {@code limit}. */
  public List<OutcomeRow> waiting(int limit) {
    return database.query(
        OutcomeRows::row, "select * from outcome order by number, way limit ?", limit);
  }

  /**
   * A person gives up telling.
   *
   * @param word a message's id or subject; empty for all
   * @return how many messages were dropped
   */
  public int drop(String word) {
    return word.isEmpty()
        ? database.update("delete from outcome")
        : database.update("delete from outcome where id = ? or subject = ?", word, word);
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
        reached.isEmpty() ? Set.of() : Set.of(reached.split("\n", -1)),
        row.getString("error"),
        row.getLong("epoch"));
  }
}
