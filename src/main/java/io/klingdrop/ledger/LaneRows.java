package io.klingdrop.ledger;

import io.klingdrop.job.ClosedLane;
import java.time.Instant;
import java.util.List;

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
        tx ->
            tx.query(
                row ->
                    new ClosedLane(
                        row.getString("provider"),
                        row.getString("model"),
                        row.getString("cause"),
                        row.getString("message"),
                        Instant.ofEpochMilli(row.getLong("closed_at")),
                        Instant.ofEpochMilli(row.getLong("probe_at")),
                        row.getInt("probes")),
                "select * from lane order by provider, model"));
  }

  /** Notes that the lane is closed, with its latest cause. */
  public void keep(ClosedLane lane) {
    database.transaction(
        tx ->
            tx.update(
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
                lane.probes()));
  }

  /** The lane is open. */
  public void remove(String provider, String model) {
    database.transaction(
        tx -> tx.update("delete from lane where provider = ? and model = ?", provider, model));
  }
}
