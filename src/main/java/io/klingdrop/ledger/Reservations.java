package io.klingdrop.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The job ids that senders of bundles were told. Thread-safe.
 *
 * @param node the mark of this node, empty where there is one alone
 */
public record Reservations(Database database, String node) {
  public Optional<Reservation> of(String jobId) {
    return select("job_id = ?", jobId).stream().findFirst();
  }

  public Optional<Reservation> byKey(String keyHash) {
    return select("key_hash = ?", keyHash).stream().findFirst();
  }

  /** Those whose files may not all have their names yet. */
  public List<Reservation> unrevealed() {
    return select("revealed = 0");
  }

  public List<Reservation> before(Instant moment) {
    return select("at < ?", moment.toEpochMilli());
  }

  private List<Reservation> select(String where, Object... args) {
    return database.transaction(
        tx -> tx.query(row -> read(tx, row), "select * from reservation where " + where, args));
  }

  /** Notes a reservation, in place of what was noted under its id before. */
  public void keep(Reservation made) {
    database.transaction(
        tx -> {
          tx.update("delete from reservation_file where job_id = ?", made.jobId());
          tx.update("delete from reservation where job_id = ?", made.jobId());
          tx.update(
              "insert into reservation (job_id, key_hash, content, profile, name, at, revealed,"
                  + " node) values (?, ?, ?, ?, ?, ?, ?, ?)",
              made.jobId(),
              made.keyHash(),
              made.content(),
              made.profile(),
              made.name(),
              made.at().toEpochMilli(),
              made.revealed() ? 1 : 0,
              node.isEmpty() ? null : node);
          for (var file : made.files()) {
            var sql =
                "insert into reservation_file (job_id, path, part, bytes, sha256)"
                    + " values (?, ?, ?, ?, ?)";
            tx.update(sql, made.jobId(), file.path(), file.part(), file.bytes(), file.sha256());
          }
          return made;
        });
  }

  /** All files of that bundle have their names in the inbox, unless another node took it over. */
  public void revealed(String jobId) {
    var sql = "update reservation set revealed = 1 where job_id = ? and coalesce(node, '') = ?";
    database.update(sql, jobId, node);
  }

  /**
   * Makes a bundle that is not revealed this node's, if it is already, or if it was made before
   * that moment. The node that made it can neither finish nor withdraw it from then on.
   *
   * @return whether it is this node's now
   */
  public boolean adopted(String jobId, Instant before) {
    var sql =
        "update reservation set node = ? where job_id = ? and revealed = 0 and (node is null or"
            + " node = ? or at < ?)";
    return database.update(sql, node, jobId, node, before.toEpochMilli()) == 1;
  }

  /**
   * Forgets a promise of this node that nobody was told yet; false if it is not its own any more.
   */
  public boolean withdrawn(String jobId) {
    return database.transaction(
        tx -> {
          var sql =
              "update reservation set at = at where job_id = ? and revealed = 0 and coalesce(node,"
                  + " '') = ?";
          if (tx.update(sql, jobId, node) == 0) {
            return false;
          }
          tx.update("delete from reservation_file where job_id = ?", jobId);
          return tx.update("delete from reservation where job_id = ?", jobId) == 1;
        });
  }

  /** The id is promised to nobody any more. */
  public void forget(String jobId) {
    database.transaction(
        tx -> {
          tx.update("delete from reservation_file where job_id = ?", jobId);
          return tx.update("delete from reservation where job_id = ?", jobId);
        });
  }

  /** Those of which a file is called by one of these names and that are no job yet. */
  static List<Reservation> naming(Database database, Collection<String> paths) {
    return database.transaction(
        tx -> {
          var found = new ArrayList<Reservation>();
          for (var path : paths) {
            tx
                .query(
                    row -> read(tx, row),
                    "select * from reservation r where job_id in"
                        + " (select job_id from reservation_file where path = ?)"
                        + " and not exists (select 1 from job j where j.id = r.job_id)"
                        + " order by at desc",
                    path)
                .stream()
                .filter(one -> !found.contains(one))
                .forEach(found::add);
          }
          return found;
        });
  }

  private static Reservation read(Transaction tx, ResultSet row) throws SQLException {
    var id = row.getString("job_id");
    return new Reservation(
        id,
        row.getString("key_hash"),
        row.getString("content"),
        row.getString("profile"),
        row.getString("name"),
        Instant.ofEpochMilli(row.getLong("at")),
        row.getInt("revealed") == 1,
        tx.query(
            file ->
                new Reservation.Held(
                    file.getString("path"),
                    file.getString("part"),
                    file.getLong("bytes"),
                    file.getString("sha256")),
            "select path, part, bytes, sha256 from reservation_file where job_id = ?"
                + " order by part",
            id));
  }
}
