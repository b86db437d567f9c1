package io.klingdrop.ledger;

import io.klingdrop.files.Grounds;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/**
 * The folders of one node among several: on which disk each lay on this machine, and whether
 * another node used its kind first. Thread-safe.
 *
 * @param node the name of this node
 * @param kinds what each folder of this node is: {@code inbox}, {@code work} and so on
 */
public record NodeFolders(
    Database database, String node, Map<Path, String> kinds, InstantSource clock)
    implements Grounds.Others {

  public NodeFolders {
    kinds = Map.copyOf(kinds);
  }

  /** The folders this node has used, with their disks. */
  public Map<Path, String> disks() {
    var disks = new HashMap<Path, String>();
    var sql = "select path, disk from node_folder where node = ?";
    database.query(row -> disks.put(Path.of(row.getString(1)), row.getString(2)), sql, node);
    return disks;
  }

  public void keep(Path folder, String disk) {
    var sql =
        "insert into node_folder (node, path, disk, used) values (?, ?, ?, ?) on conflict (node,"
            + " path) do update set disk = excluded.disk, used = excluded.used";
    database.update(sql, node, folder.toString(), disk, clock.millis());
  }

  @Override
  public void begin(Path folder) {
    var kind = kinds.get(folder);
    if (kind != null) {
      var sql = "insert into folder_kind (kind, node) values (?, ?) on conflict (kind) do nothing";
      database.update(sql, kind, node);
    }
  }

  @Override
  public boolean use(Path folder) {
    var kind = kinds.get(folder);
    var sql = "select 1 from folder_kind where kind = ? and node <> ?";
    return kind != null && database.first(row -> 1, sql, kind, node).isPresent();
  }
}
