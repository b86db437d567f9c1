package io.klingdrop.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.ledger.LaneOwner;
import io.klingdrop.ledger.NodeRow;
import java.util.List;

/** Nodes as the API and {@code --json} show them. */
public final class NodeJson {

  private NodeJson() {}

  /** A ledger that has one node, because it is a file. */
  public static ObjectNode alone() {
    return of("", List.of(), List.of()).put("shared", false).putNull("node");
  }

  /**
   * Those of a ledger that several nodes may share.
   *
   * @param own the name of the node that tells it; empty if it is none
   */
  public static ObjectNode of(String own, List<NodeRow> nodes, List<LaneOwner> lanes) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("shared", true);
    json.put("node", own.isEmpty() ? null : own);
    var list = json.putArray("nodes");
    for (var node : nodes) {
      var one =
          list.addObject()
              .put("name", node.name())
              .put("version", node.version())
              .put("state", node.word())
              .put("startedAt", node.started().toString())
              .put("silentMillis", node.silent().toMillis())
              .put("jobs", node.jobs());
      node.lanes().forEach(one.putArray("lanes")::add);
    }
    var accounts = json.putArray("lanes");
    for (var lane : lanes) {
      accounts
          .addObject()
          .put("provider", lane.provider())
          .put("node", lane.node())
          .put("ownerlessMillis", lane.ownerless().toMillis());
    }
    return json;
  }
}
