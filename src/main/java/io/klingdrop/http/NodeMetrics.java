package io.klingdrop.http;

import io.klingdrop.ledger.NodeRow;
import java.util.HashMap;
import java.util.List;

/**
 * Figures of this node, and how many there are; the only node of a ledger has no name. Not
 * thread-safe.
 */
record NodeMetrics(NodeView view, Tables tables) {
  private static final List<String> WORDS =
      List.of("up", "draining", "drained", "stopped", NodeRow.GONE);

  /** Reads them anew; {@code accounts} are those this node can use. */
  void look(List<String> accounts) {
    var node = view.node();
    var name = node.shared() ? node.name() : "";
    var owned = accounts.stream().filter(node::owns).toList();
    var owner =
        tables.fresh(
            "klingdrop_lane_owner",
            "1 if this node alone submits and polls at the account, 0 if it does not");
    for (var account : accounts) {
      owner.row(owned.contains(account) ? 1 : 0, "account", account, "node", name);
    }
    one("klingdrop_node_lanes", "Accounts that this node owns", name, owned.size());
    one(
        "klingdrop_node_in_hand",
        "Jobs, ways to targets and messages it works on",
        name,
        node.holder().inHand());
    one(
        "klingdrop_node_beat_seconds",
        "How long ago its last beat began that the database answered",
        name,
        node.silent().toMillis() / 1000.0);
    one(
        "klingdrop_node_clock_offset_seconds",
        "How far the database's clock is ahead of this machine's; it is corrected",
        name,
        view.ahead().get().toMillis() / 1000.0);
    nodes();
  }

  private void one(String figure, String help, String node, double value) {
    tables.fresh(figure, help).row(value, "node", node);
  }

  private void nodes() {
    var counts = new HashMap<String, Integer>();
    if (view.node().shared()) {
      view.rows().all().forEach(node -> counts.merge(node.word(), 1, Integer::sum));
    } else {
      counts.put("up", 1);
    }
    var table = tables.fresh("klingdrop_nodes", "Nodes of the last day in each state");
    WORDS.forEach(word -> table.row(counts.getOrDefault(word, 0), "state", word));
  }
}
