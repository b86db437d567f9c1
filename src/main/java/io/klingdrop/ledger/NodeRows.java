package io.klingdrop.ledger;

import io.klingdrop.ledger.NodeRow.State;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The nodes at one PostgreSQL ledger, which accounts each owns, and what else is one node's at a
 * time. Every time here is the database's own. Thread-safe.
 */
public record NodeRows(Database database, InstantSource clock) {
  private static final String FREE = "(node is null or until <= ?)";

  /**
   * What a node would have.
   *
   * @param accounts those it can use
   * @param leases names of what it would do if nobody else does
   * @param idle whether nothing is in hand, which is how a drain ends
   */
  public record Wish(Collection<String> accounts, Collection<String> leases, boolean idle) {}

  /**
   * What a node has, as of one beat.
   *
   * @param now the database's clock, epoch milliseconds
   * @param lanes the accounts it owns, with the epoch of each
   * @param leases the names of what it does alone
   */
  public record Share(long now, State state, Map<String, Long> lanes, Set<String> leases) {

    public Share {
      lanes = Map.copyOf(lanes);
      leases = Set.copyOf(leases);
    }
  }

  /** What time it is by the database's clock. */
  public Instant now() {
    return Instant.ofEpochMilli(database.transaction(tx -> tx.leaseNow(clock)));
  }

  /**
   * Enters a node that starts. One that was here before at the same home is dead, so its leases are
   * over at once.
   *
   * @param home a random id of its data folder
   * @return why it may not start: a node of that name is alive elsewhere; empty if it may
   */
  public Optional<String> arrive(String name, String home, String version, Duration lease) {
    return database.transaction(
        tx -> {
          var now = tx.leaseNow(clock);
          tx.update(
              "insert into node (name, home, version, started_at, beat_at, until, state)"
                  + " values (?, ?, ?, ?, ?, 0, 'STOPPED') on conflict (name) do nothing",
              name,
              home,
              version,
              now,
              now);
          var taken =
              tx.update(
                  "update node set home = ?, version = ?, started_at = ?, beat_at = ?, until = ?,"
                      + " state = 'UP' where name = ? and (home = ? or until <= ?)",
                  home,
                  version,
                  now,
                  now,
                  now + lease.toMillis(),
                  name,
                  home,
                  now);
          if (taken == 0) {
            return Optional.of(
                "a node called %s is alive at this database: give this one another name in"
                        .formatted(name)
                    + " klingdrop.node.name, or stop that one");
          }
          leave(tx, name);
          return Optional.empty();
        });
  }

  /**
   * Renews what the node has, and takes or gives away lanes so that each node has its share.
   *
   * @return empty if the ledger does not know the node any more: it must stop
   */
  public Optional<Share> beat(Holder holder, String home, Duration lease, Wish wish) {
    return database.transaction(
        tx -> {
          var name = holder.name();
          var now = tx.leaseNow(clock);
          var until = now + lease.toMillis();
          var state =
              tx.first(
                  row -> State.valueOf(row.getString(1)),
                  "update node set beat_at = ?, until = ?, state = case when state = 'DRAINING' and"
                      + " ? = 1 then 'DRAINED' when state = 'DRAINED' and ? = 0 then 'DRAINING'"
                      + " else state end where name = ? and home = ? and state <> 'STOPPED'"
                      + " returning state",
                  now,
                  until,
                  wish.idle() ? 1 : 0,
                  wish.idle() ? 1 : 0,
                  name,
                  home);
          if (state.isEmpty()) {
            return Optional.empty();
          }
          if (state.get() != State.UP) {
            giveAway(tx, name);
            renewInHand(tx, holder, until);
            return Optional.of(new Share(now, state.get(), Map.of(), Set.of()));
          }
          // lanes before jobs, as whoever submits locks them
          var lanes = lanes(tx, name, now, until, wish.accounts());
          var leases = leases(tx, name, now, until, wish.leases());
          renewInHand(tx, holder, until);
          return Optional.of(new Share(now, State.UP, lanes, leases));
        });
  }

  /**
   * What may be asked of a node between two beats.
   *
   * @param state what it is to be; empty if the ledger does not know it any more
   * @param given the accounts and the names of leases that have been given away and that nobody has
   *     taken yet
   */
  public record Asked(Optional<State> state, Set<String> given) {}

  /** What is asked of a node now: one statement. */
  public Asked asked(String name, String home) {
    var given = new HashSet<String>();
    var states =
        database.query(
            row -> {
              if (row.getInt("lane") == 1) {
                given.add(row.getString("what"));
                return "";
              }
              return row.getString("what");
            },
            "select 0 as lane, state as what from node where name = ? and home = ? and state <>"
                + " 'STOPPED' union all select 1, provider from lane_owner where node is null"
                + " union all select 1, name from lease where node is null",
            name,
            home);
    var state = states.stream().filter(one -> !one.isEmpty()).findFirst().map(State::valueOf);
    return new Asked(state, Set.copyOf(given));
  }

  /** Only what somebody here works on; a claim whose answer was lost ends by itself. */
  private static void renewInHand(Transaction tx, Holder holder, long until) throws SQLException {
    renew(tx, holder, until, "job", "id");
    renew(tx, holder, until, "shipment", "job_id");
    renew(tx, holder, until, "outcome", "cast(number as text)");
  }

  private static void renew(Transaction tx, Holder holder, long until, String table, String key)
      throws SQLException {
    var args = new ArrayList<Object>(List.of(until, holder.name()));
    args.addAll(holder.keys(table));
    var count = args.size() - 2;
    if (count > 0) {
      var sql = "update %s set lease_until = ? where lease_owner = ? and %s in (%s)";
      tx.update(sql.formatted(table, key, Many.marks(count)), args.toArray());
    }
  }

  private static Map<String, Long> lanes(
      Transaction tx, String name, long now, long until, Collection<String> accounts)
      throws SQLException {
    var own = new HashMap<String, Long>();
    tx.query(
        row -> own.put(row.getString(1), row.getLong(2)),
        "update lane_owner set until = ? where node = ? and until > ? returning provider, epoch",
        until,
        name,
        now);
    var free = new ArrayList<String>();
    var known = new HashSet<String>();
    var live = new HashSet<String>(Set.of(name));
    tx.query(
        row -> {
          if (row.getInt("lane") == 0) {
            live.add(row.getString("who"));
          } else {
            known.add(row.getString("who"));
            if (row.getInt("free") == 1 && accounts.contains(row.getString("who"))) {
              free.add(row.getString("who"));
            }
          }
          return name;
        },
        "select 0 as lane, name as who, 0 as free from node where until > ? and state = 'UP'"
            + " union all select 1, provider, case when "
            + FREE
            + " then 1 else 0 end from lane_owner order by who",
        now,
        now);
    for (var account : accounts) {
      if (!known.contains(account)) {
        var sql =
            "insert into lane_owner (provider, epoch, node, until) values (?, 0, null, ?)"
                + " on conflict (provider) do nothing";
        tx.update(sql, account, now);
        free.add(account);
        known.add(account);
      }
    }
    // no more than its share, rounded up: the others come for the rest
    var share = (known.size() + live.size() - 1) / live.size();
    for (var account : free.subList(0, Math.max(0, Math.min(free.size(), share - own.size())))) {
      tx.query(
          row -> own.put(account, row.getLong(1)),
          "update lane_owner set node = ?, epoch = epoch + 1, until = ? where provider = ? and "
              + FREE
              + " returning epoch",
          name,
          until,
          account,
          now);
    }
    var tooMany = own.keySet().stream().sorted().skip(share).toList();
    for (var account : tooMany) {
      tx.update("update lane_owner set node = null where provider = ? and node = ?", account, name);
      own.remove(account);
    }
    return own;
  }

  private static Set<String> leases(
      Transaction tx, String name, long now, long until, Collection<String> wanted)
      throws SQLException {
    var own = new HashSet<String>();
    if (wanted.isEmpty()) {
      return own;
    }
    for (var lease : wanted.stream().sorted().toList()) {
      tx.query(
          row -> own.add(lease),
          "insert into lease (name, epoch, node, until) values (?, 1, ?, ?) on conflict (name) do"
              + " update set epoch = case when lease.node = excluded.node and lease.until > ? then"
              + " lease.epoch else lease.epoch + 1 end, node = excluded.node, until ="
              + " excluded.until where lease.node is null or lease.node = excluded.node or"
              + " lease.until <= ? returning epoch",
          lease,
          name,
          until,
          now,
          now);
    }
    return own;
  }

  /** Asks a node to give all it has away and to take nothing more; false if it is not known. */
  public boolean drain(String name) {
    return database.update(
            "update node set state = 'DRAINING' where name = ? and state = 'UP'", name)
        == 1;
  }

  /** Lets a drained node take its share again; false if it was not drained. */
  public boolean undrain(String name) {
    return database.update(
            "update node set state = 'UP' where name = ? and state in ('DRAINING','DRAINED')", name)
        == 1;
  }

  /** The node ends in order: what it had is free at once. */
  public void depart(String name, String home) {
    database.transaction(
        tx -> {
          var sql = "update node set until = 0, state = 'STOPPED' where name = ? and home = ?";
          if (tx.update(sql, name, home) == 1) {
            leave(tx, name);
          }
          return name;
        });
  }

  private static void leave(Transaction tx, String name) throws SQLException {
    giveAway(tx, name);
    for (var table : List.of("job", "shipment", "outcome")) {
      tx.update(
          "update "
              + table
              + " set lease_owner = null, lease_until = null where lease_owner = ?"
              + (table.equals("job") ? " and state <> 'SUBMITTING'" : ""),
          name);
    }
  }

  private static void giveAway(Transaction tx, String name) throws SQLException {
    tx.update("update lane_owner set node = null where node = ?", name);
    tx.update("update lease set node = null where node = ?", name);
  }

  /** Every node that was here within the last day, by name. */
  public List<NodeRow> all() {
    return database.transaction(
        tx -> {
          var now = tx.leaseNow(clock);
          var lanes = new HashMap<String, List<String>>();
          tx.query(
              row ->
                  lanes
                      .computeIfAbsent(row.getString(2), node -> new ArrayList<>())
                      .add(row.getString(1)),
              "select provider, node from lane_owner where node is not null and until > ?"
                  + " order by provider",
              now);
          var jobs = new HashMap<String, Long>();
          tx.query(
              row -> jobs.put(row.getString(1), row.getLong(2)),
              "select lease_owner, count(distinct id) from (select lease_owner, id from job where"
                  + " lease_until > ? union all select lease_owner, job_id from shipment where"
                  + " lease_until > ?) held group by lease_owner",
              now,
              now);
          return tx.query(
              row -> {
                var name = row.getString("name");
                return new NodeRow(
                    name,
                    row.getString("version"),
                    Instant.ofEpochMilli(row.getLong("started_at")),
                    Duration.ofMillis(Math.max(0, now - row.getLong("beat_at"))),
                    row.getLong("until") > now,
                    State.valueOf(row.getString("state")),
                    lanes.getOrDefault(name, List.of()),
                    jobs.getOrDefault(name, 0L));
              },
              "select * from node where beat_at > ? order by name",
              now - Duration.ofDays(1).toMillis());
        });
  }

  /** The owner of that lane now, if it has one. */
  public Optional<String> owner(String provider) {
    return database.transaction(
        tx ->
            tx.first(
                row -> row.getString(1),
                "select node from lane_owner where provider = ? and node is not null and until > ?",
                provider,
                tx.leaseNow(clock)));
  }
}
