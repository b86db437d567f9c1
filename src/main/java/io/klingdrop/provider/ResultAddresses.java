package io.klingdrop.provider;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The addresses in the field that a record keeps them in, however it is written: a list, one text,
 * a text that holds JSON, an object with {@code url}, or these in each other. Documents and
 * recordings of kie.ai have the list (2026); gateways write lists of one as the one, and lists as
 * text.
 */
public final class ResultAddresses {
  private static final int DEEPEST = 5;
  private static final int MOST = 1_000;

  private ResultAddresses() {}

  /**
   * The texts found, in their order, as they are written; whether they are addresses is not asked.
   */
  public static List<String> in(JsonNode field) {
    var found = new ArrayList<String>();
    collect(field, DEEPEST, found);
    return found;
  }

  private static void collect(JsonNode node, int depth, List<String> found) {
    if (depth == 0 || found.size() >= MOST) {
      return;
    }
    if (node.isArray()) {
      node.forEach(entry -> collect(entry, depth - 1, found));
    } else if (node.isObject()) {
      collect(node.path("url"), depth - 1, found);
    } else if (node.isTextual()) {
      var text = node.asText().strip();
      if (text.startsWith("[") || text.startsWith("{") || text.startsWith("\"")) {
        collect(HttpAnswer.json(text), depth - 1, found);
      } else {
        found.add(text);
      }
    }
  }
}
