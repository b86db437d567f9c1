package io.klingdrop.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import io.klingdrop.job.Suggest;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/**
 * Checks the {@code input} of a model file: a closed object of JSON Schema 2020-12, in the keywords
 * listed here. References are not among them, so nothing is ever fetched.
 */
record SchemaReader(Section input, List<String> mediaFields) {
  private static final Set<String> TYPES =
      Set.of("string", "number", "integer", "boolean", "array", "object", "null");
  private static final Set<String> NOTES =
      Set.of("title", "description", "default", "examples", "const", "type", "enum");
  private static final Set<String> COUNTS =
      Set.of("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties");
  private static final Set<String> NUMBERS =
      Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf");
  private static final Set<String> SCHEMAS =
      Set.of("items", "not", "if", "then", "else", InputSchema.WARN);
  private static final Set<String> LISTS = Set.of("allOf", "anyOf", "oneOf");
  private static final List<String> ALL =
      Stream.of(
              NOTES,
              COUNTS,
              NUMBERS,
              SCHEMAS,
              LISTS,
              Set.of("properties", "required", "additionalProperties", "pattern", "uniqueItems"))
          .flatMap(Set::stream)
          .sorted()
          .toList();

  InputSchema read() {
    JsonNode additional = input.node().get("additionalProperties");
    if (input.node().isEmpty()) {
      input.problem("", "is missing or empty");
    } else if (additional == null || !additional.isBoolean() || additional.booleanValue()) {
      input.problem("additionalProperties", "must be false, or misspelt parameters go unseen");
    }
    check("", input.node());
    JsonNode properties = input.node().path("properties");
    for (JsonNode name : input.node().path("required")) {
      if (!properties.has(name.asText())) {
        input.problem("required", "names " + Words.value(name) + ", which is not in properties");
      }
    }
    for (String field : mediaFields) {
      if (properties.has(field)) {
        input.problem("properties/" + field, "is a media field and belongs there");
      }
    }
    return new InputSchema(input.node());
  }

  private void check(String path, JsonNode schema) {
    if (!schema.isObject()) {
      input.problem(path, "should be a mapping");
      return;
    }
    schema.properties().forEach(entry -> keyword(path, entry.getKey(), entry.getValue()));
  }

  private void keyword(String path, String key, JsonNode value) {
    String at = Document.child(path, key);
    if (!ALL.contains(key)) {
      input.problem(at, "is not a known schema keyword" + Suggest.hint(key, ALL));
    } else if (COUNTS.contains(key)) {
      require(at, value.isInt() && value.intValue() >= 0, "a whole number");
    } else if (NUMBERS.contains(key)) {
      boolean step = !key.equals("multipleOf") || value.decimalValue().signum() > 0;
      require(at, value.isNumber() && step, "a number");
    } else if (SCHEMAS.contains(key)) {
      check(at, value);
    } else if (LISTS.contains(key)) {
      require(at, value.isArray() && !value.isEmpty(), "a list of mappings");
      for (int i = 0; value.isArray() && i < value.size(); i++) {
        check(Document.child(at, String.valueOf(i)), value.get(i));
      }
    } else {
      structure(at, key, value);
    }
  }

  private void structure(String at, String key, JsonNode value) {
    switch (key) {
      case "type" -> {
        Iterable<JsonNode> types = value.isArray() ? value : List.of(value);
        for (var type : types) {
          require(at, TYPES.contains(type.asText()), "one of " + TYPES.stream().sorted().toList());
        }
      }
      case "enum", "examples" -> require(at, value.isArray() && !value.isEmpty(), "a list");
      case "required" -> {
        boolean texts = value.isArray() && value.valueStream().allMatch(JsonNode::isTextual);
        require(at, texts, "a list of texts");
      }
      case "properties" -> {
        require(at, value.isObject(), "a mapping");
        value
            .properties()
            .forEach(entry -> check(Document.child(at, entry.getKey()), entry.getValue()));
      }
      case "pattern" -> require(at, isPattern(value), "a regular expression");
      case "uniqueItems", "additionalProperties" -> require(at, value.isBoolean(), "true or false");
      default -> {}
    }
  }

  private void require(String at, boolean fine, String what) {
    if (!fine) {
      input.problem(at, "should be " + what);
    }
  }

  private static boolean isPattern(JsonNode value) {
    try {
      return value.isTextual() && !Pattern.compile(value.textValue()).pattern().isEmpty();
    } catch (PatternSyntaxException e) {
      return false;
    }
  }
}
