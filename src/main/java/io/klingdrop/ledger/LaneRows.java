package io.klingdrop.ledger;

import io.klingdrop.job.ClosedLane;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The closed lanes as the ledger keeps them. Thread-safe. */
public final class LaneRows {
  private final Database database;

  /** The lane rows of an open database. */
  public LaneRows(Database database) {
    this.database = database;
  }

  /** Every closed lane. */
  public List<ClosedLane> all() {
    return database.transaction(
        tx -> tx.query(LaneRows::lane, "select * from lane order by provider, model"));
  }

  private static ClosedLane lane(ResultSet row) throws SQLException {
    return new ClosedLane(
        row.getString("provider"),
        row.getString("model"),
        row.getString("cause"),
        row.getString("message"),
        Instant.ofEpochMilli(row.getLong("closed_at")),
        Instant.ofEpochMilli(row.getLong("probe_at")),
        row.getInt("probes"));
  }

  private static Optional<ClosedLane> find(Tx tx, String provider, String model)
      throws SQLException {
    return tx.first(
        LaneRows::lane, "select * from lane where provider = ? and model = ?", provider, model);
  }

  /** Notes that the lane is closed, with its latest cause; that it closes is an outcome. */
  public void keep(ClosedLane lane) {
    database.transaction(
        tx -> {
          if (find(tx, lane.provider(), lane.model()).isEmpty()) {
            Outcomes.lane(tx, lane, true, lane.closedAt().toEpochMilli());
          }
          return tx.update(
              "insert into lane (provider, model, cause, message, closed_at, probe_at, probes)"
                  + " values (?, ?, ?, ?, ?, ?, ?) on conflict (provider, model) do update set"
                  + " cause = excluded.cause, message = excluded.message,"
                  + " probe_at = excluded.probe_at, probes = excluded.probes",
              lane.provider(),
              lane.model(),
              lane.cause(),
              lane.message(),
              lane.closedAt().toEpochMilli(),
              lane.probeAt().toEpochMilli(),
              lane.probes());
        });
  }

  /** The lane is open since {@code now}, which is an outcome if it was closed. */
  public void remove(String provider, String model, Instant now) {
    database.transaction(
        tx -> {
          var closed = find(tx, provider, model);
          if (closed.isPresent()) {
            Outcomes.lane(tx, closed.get(), false, now.toEpochMilli());
          }
          return tx.update("delete from lane where provider = ? and model = ?", provider, model);
        });
  }
}
