package io.klingdrop.ledger;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** The ledger's own id, and on which disk each folder lay that it has used. Thread-safe. */
public record FolderRows(Database database, InstantSource clock) {
  /** The id of this ledger, the same for ever; a copy of the ledger has it too. */
  public String ledger() {
    return database.transaction(
        tx -> {
          var known = id(tx);
          if (!known.isEmpty()) {
            return known;
          }
          tx.update(
              "insert into ledger_id (id) select ? where not exists (select 1 from ledger_id)",
              "klingdrop-ledger-" + UUID.randomUUID());
          return id(tx);
        });
  }

  private static String id(Transaction tx) throws SQLException {
    return tx.first(row -> row.getString(1), "select id from ledger_id").orElse("");
  }

  public Map<Path, String> disks() {
    var disks = new HashMap<Path, String>();
    var sql = "select path, disk from folder";
    database.query(row -> disks.put(Path.of(row.getString(1)), row.getString(2)), sql);
    return disks;
  }

  public void keep(Path folder, String disk) {
    var sql =
        "insert into folder (path, disk, used) values (?, ?, ?) on conflict (path)"
            + " do update set disk = excluded.disk, used = excluded.used";
    database.update(sql, folder.toString(), disk, clock.millis());
  }
}
