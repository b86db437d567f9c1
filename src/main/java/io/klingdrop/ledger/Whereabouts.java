package io.klingdrop.ledger;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where work is at a ledger that several nodes share: which node has a job in hand, and whose each
 * account is. At a ledger of one node there is nothing to tell. Thread-safe.
 */
public record Whereabouts(Database database, InstantSource clock) {

  /** The node that has each job in hand now, by the job's id. */
  public Map<String, String> holders() {
    var holders = new HashMap<String, String>();
    database.transaction(
        tx -> {
          var now = tx.leaseNow(clock);
          return tx.query(
              row -> holders.put(row.getString(1), row.getString(2)),
              "select job_id, lease_owner from shipment where lease_until > ? and lease_owner is"
                  + " not null union all select id, lease_owner from job where lease_until > ? and"
                  + " lease_owner is not null",
              now,
              now);
        });
    return holders;
  }

  /** Every account that a node has ever been able to use, by name, and whose it is. */
  public List<LaneOwner> lanes() {
    return database.transaction(
        tx -> {
          var now = tx.leaseNow(clock);
          return tx.query(
              row -> {
                var until = row.getLong("until");
                var owned = row.getString("node") != null && until > now;
                return new LaneOwner(
                    row.getString("provider"),
                    owned ? row.getString("node") : null,
                    Duration.ofMillis(owned ? 0 : Math.max(0, now - until)));
              },
              "select provider, node, until from lane_owner order by provider");
        });
  }
}
