package io.klingdrop.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;

/** The forms in which {@code resultJson} of a finished task may arrive. */
public enum ResultShape {
  /** JSON inside a string, as on the wire. */
  STRING,
  /** The object itself, not packed into a string. */
  OBJECT,
  /** An empty string, as if the task still ran. */
  EMPTY,
  NULL,
  /** A string that is not JSON. */
  GARBAGE,
  /** A string with an empty list of URLs. */
  NO_URLS;

  JsonNode render(List<String> urls) {
    return switch (this) {
      case STRING -> TextNode.valueOf(listing(urls).toString());
      case OBJECT -> listing(urls);
      case EMPTY -> TextNode.valueOf("");
      case NULL -> NullNode.getInstance();
      case GARBAGE -> TextNode.valueOf("{resultUrls: [");
      case NO_URLS -> TextNode.valueOf(listing(List.of()).toString());
    };
  }

  private static JsonNode listing(List<String> urls) {
    ArrayNode list = Envelopes.object().arrayNode();
    urls.forEach(list::add);
    return Envelopes.object().set("resultUrls", list);
  }
}
