package io.klingdrop.http;

import java.util.List;

/** The nodes at this ledger and whose each account is. */
record NodeEndpoints(NodeView view) {

  List<Endpoint> all() {
    return List.of(
        Endpoint.get(
            OpsPaths.API + "/nodes",
            "http-list-nodes",
            "Lists the nodes that share the ledger, what each has in hand, and whose each account"
                + " is",
            request -> nodes()));
  }

  private Answer nodes() {
    var node = view.node();
    return Answer.json(
        node.shared()
            ? NodeJson.of(node.name(), view.rows().all(), view.whereabouts().lanes())
            : NodeJson.alone());
  }
}
