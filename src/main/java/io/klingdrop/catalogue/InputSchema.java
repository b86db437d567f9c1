package io.klingdrop.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The JSON Schema (2020-12) of a model's parameters, without its media fields. Immutable and safe
 * for concurrent use; the validator is made on first use, since that costs a tenth of a second.
 *
 * <p>A property may carry {@code x-warn}, a schema of its own whose breach is told, not refused.
 */
public final class InputSchema {
  static final String WARN = "x-warn";

  private final Map<String, JsonNode> properties = new LinkedHashMap<>();
  private final Set<String> required = new HashSet<>();
  private final ObjectNode hard;
  private final ObjectNode soft;

  /** Takes a schema that {@link SchemaReader} found in order. */
  InputSchema(JsonNode schema) {
    hard = schema.deepCopy();
    soft = Document.NODES.objectNode();
    ObjectNode advised = soft.putObject("properties");
    for (var property : hard.path("properties").properties()) {
      properties.put(property.getKey(), property.getValue());
      if (property.getValue() instanceof ObjectNode limits && limits.has(WARN)) {
        advised.set(property.getKey(), limits.remove(WARN));
      }
    }
    hard.path("required").forEach(name -> required.add(name.asText()));
  }

  /** The parameters a request may have, in the order of the model file. */
  public Collection<String> names() {
    return Collections.unmodifiableCollection(properties.keySet());
  }

  /** Whether a request must have the parameter. */
  public boolean requires(String name) {
    return required.contains(name);
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
    return properties.getOrDefault(name, Document.NODES.missingNode());
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
