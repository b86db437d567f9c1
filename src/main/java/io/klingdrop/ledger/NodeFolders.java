package io.klingdrop.ledger;

import io.klingdrop.files.Grounds;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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
        "insert into node_folder (node, path, kind, disk, used) values (?, ?, ?, ?, ?) on conflict"
            + " (node, path) do update set kind = excluded.kind, disk = excluded.disk,"
            + " used = excluded.used";
    var kind = kinds.getOrDefault(folder, "");
    database.update(sql, node, folder.toString(), kind, disk, clock.millis());
  }

  /**
   * Folders that other nodes have at another path, one sentence each: the ledger keeps full paths,
   * so the files of some jobs are not found there.
   */
  public List<String> elsewhere() {
    var said = new ArrayList<String>();
    var sql = "select node, path from node_folder where kind = ? and node <> ? and path <> ?";
    kinds.forEach(
        (path, kind) ->
            database
                .first(
                    row ->
                        "the %s folder is %s here and %s at node %s. Mount it at the same place:"
                                .formatted(kind, path, row.getString(2), row.getString(1))
                            + " the ledger keeps full paths",
                    sql + " order by used desc",
                    kind,
                    node,
                    path.toString())
                .ifPresent(said::add));
    return said;
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

  /** A node keeps a folder's disk once it has marked the folder. */
  @Override
  public boolean marking() {
    var sql =
        "select 1 from folder_kind k where node <> ? and node <> '' and not exists (select 1 from"
            + " node_folder f where f.node = k.node and f.kind = k.kind)";
    return !database.query(row -> 1, sql, node).isEmpty();
  }
}
