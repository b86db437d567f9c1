package io.klingdrop.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.catalogue.SchemaRules.Breach;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The JSON Schema (2020-12) of a model's parameters, without its media fields. Immutable and safe
 * for concurrent use.
 *
 * <p>A property may carry {@code x-warn}, a schema of its own whose breach is told, not refused.
 */
public final class InputSchema {
  static final String WARN = "x-warn";

  private final ObjectNode hard;
  private final ObjectNode soft;

  /** Takes a schema that {@link SchemaReader} found in order. */
  InputSchema(JsonNode schema) {
    hard = schema.deepCopy();
    soft = Document.NODES.objectNode();
    ObjectNode advised = soft.putObject("properties");
    for (var property : hard.path("properties").properties()) {
      if (property.getValue() instanceof ObjectNode limits && limits.has(WARN)) {
        advised.set(property.getKey(), limits.remove(WARN));
      }
    }
  }

  /** The parameters a request may have, in the order of the model file. */
  public Collection<String> names() {
    List<String> names = new ArrayList<>();
    hard.path("properties").fieldNames().forEachRemaining(names::add);
    return names;
  }

  public boolean requires(String name) {
    return hard.path("required").valueStream().anyMatch(each -> each.asText().equals(name));
  }

  /** What the model uses, or the page shows, when the parameter is left out. */
  public Optional<JsonNode> defaultOf(String name) {
    return Optional.ofNullable(property(name).get("default")).map(JsonNode::deepCopy);
  }

  /** A copy of the schema, for documentation and tests. */
  public JsonNode json() {
    return hard.deepCopy();
  }

  JsonNode property(String name) {
    return hard.path("properties").path(name);
  }

  JsonNode advised() {
    return soft;
  }

  /** The one JSON type a parameter has, or empty if the schema leaves it open. */
  Optional<String> typeOf(String name) {
    return Optional.ofNullable(property(name).path("type").textValue());
  }

  /** Every breach, the refused ones first. */
  List<Breach> validate(JsonNode input) {
    List<Breach> breaches = new ArrayList<>(SchemaRules.breaches(hard, input));
    SchemaRules.breaches(soft, input).forEach(breach -> breaches.add(breach.asAdvice()));
    return breaches;
  }
}
