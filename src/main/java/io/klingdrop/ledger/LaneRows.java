package io.klingdrop.ledger;

import io.klingdrop.job.ClosedLane;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The closed lanes as the ledger keeps them. Thread-safe. */
public record LaneRows(Database database) {
  private static final String PAUSED = "select provider, since from pause order by provider";

  /**
   * Every lane that is paused, waits for room or is closed; those that a person paused come first.
   */
  public List<ClosedLane> all() {
    return database.transaction(
        tx -> {
          var all = new ArrayList<>(paused(tx));
          all.addAll(noRoom(tx));
          all.addAll(closed(tx));
          return all;
        });
  }

  /** The lanes that the provider's answers have closed. */
  public List<ClosedLane> closed() {
    return database.transaction(LaneRows::closed);
  }

  public List<ClosedLane> paused() {
    return database.query(LaneRows::pausedLane, PAUSED);
  }

  /** The accounts that wait for room on our own disks. */
  public List<ClosedLane> noRoom() {
    return database.transaction(LaneRows::noRoom);
  }

  private static List<ClosedLane> noRoom(Transaction tx) throws SQLException {
    return tx.query(
        row ->
            ClosedLane.noRoom(
                row.getString(1), row.getString(2), Instant.ofEpochMilli(row.getLong(3))),
        "select provider, message, since from no_room order by provider");
  }

  /** These accounts wait for room from now on, which is an outcome for each. */
  public void keepNoRoom(Collection<ClosedLane> lanes) {
    database.transaction(
        tx -> {
          for (var lane : lanes) {
            var sql = "insert into no_room (provider, message, since) values (?, ?, ?)";
            tx.update(sql, lane.provider(), lane.message(), lane.closedAt().toEpochMilli());
            OutcomeWriter.lane(tx, lane, true, lane.closedAt().toEpochMilli());
          }
          return lanes.size();
        });
  }

  /** There is room again for these accounts, which is an outcome for each that waited. */
  public void removeNoRoom(Collection<String> providers, Instant now) {
    database.transaction(
        tx -> {
          for (var lane : noRoom(tx)) {
            if (providers.contains(lane.provider())) {
              OutcomeWriter.lane(tx, lane, false, now.toEpochMilli());
              tx.update("delete from no_room where provider = ?", lane.provider());
            }
          }
          return providers;
        });
  }

  private static List<ClosedLane> closed(Transaction tx) throws SQLException {
    return tx.query(LaneRows::lane, "select * from lane order by provider, model");
  }

  private static List<ClosedLane> paused(Transaction tx) throws SQLException {
    return tx.query(LaneRows::pausedLane, PAUSED);
  }

  private static ClosedLane pausedLane(ResultSet row) throws SQLException {
    return ClosedLane.paused(row.getString(1), Instant.ofEpochMilli(row.getLong(2)));
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

  private static Optional<ClosedLane> find(Transaction tx, String provider, String model)
      throws SQLException {
    return tx.first(
        LaneRows::lane, "select * from lane where provider = ? and model = ?", provider, model);
  }

  /** Notes that the lane is closed, with its latest cause; that it closes is an outcome. */
  public void keep(ClosedLane lane) {
    database.transaction(
        tx -> {
          if (find(tx, lane.provider(), lane.model()).isEmpty()) {
            OutcomeWriter.lane(tx, lane, true, lane.closedAt().toEpochMilli());
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

  /** A person pauses an account, which is an outcome; false if it was paused already. */
  public boolean pause(String provider, Instant now) {
    return database.transaction(
        tx -> {
          var sql =
              "insert into pause (provider, since) values (?, ?) on conflict (provider) do nothing";
          var fresh = tx.update(sql, provider, now.toEpochMilli()) == 1;
          if (fresh) {
            OutcomeWriter.lane(tx, ClosedLane.paused(provider, now), true, now.toEpochMilli());
          }
          return fresh;
        });
  }

  /** A person lets an account go on, which is an outcome; false if it was not paused. */
  public boolean resume(String provider, Instant now) {
    return database.transaction(
        tx -> {
          for (var lane : paused(tx)) {
            if (lane.provider().equals(provider)) {
              OutcomeWriter.lane(tx, lane, false, now.toEpochMilli());
            }
          }
          return tx.update("delete from pause where provider = ?", provider) == 1;
        });
  }

  /** The lane is open since {@code now}, which is an outcome if it was closed. */
  public void remove(String provider, String model, Instant now) {
    database.transaction(
        tx -> {
          var closed = find(tx, provider, model);
          if (closed.isPresent()) {
            OutcomeWriter.lane(tx, closed.get(), false, now.toEpochMilli());
          }
          return tx.update("delete from lane where provider = ? and model = ?", provider, model);
        });
  }
}
