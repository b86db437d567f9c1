package io.klingdrop.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The part of JSON Schema 2020-12 that model files use, without references.
 *
 * <p>A general validator costs a fifth of a second before its first verdict, and its sentences are
 * not for the people who read ours; the tests compare the two.
 */
final class SchemaRules {
  private static final Comparator<JsonNode> NUMBERS_BY_VALUE =
      (a, b) ->
          a.isNumber() && b.isNumber()
              ? a.decimalValue().compareTo(b.decimalValue())
              : a.equals(b) ? 0 : 1;

  /**
   * One rule a request breaks.
   *
   * @param pointer where in the input, as a JSON pointer; empty for the input as a whole
   * @param property the name that is missing or too much, for rules about names
   * @param note how the schema describes what it wants there, may be empty
   * @param advised whether breaking it is only told
   */
  record Breach(String pointer, String keyword, String property, String note, boolean advised) {
    Breach asAdvice() {
      return new Breach(pointer, keyword, property, note, true);
    }

    /** The parameter the breach belongs to, empty for the input as a whole. */
    String parameter() {
      if (pointer.isEmpty()) {
        return property;
      }
      int end = pointer.indexOf('/', 1);
      return pointer.substring(1, end < 0 ? pointer.length() : end);
    }
  }

  private final List<Breach> breaches = new ArrayList<>();

  private SchemaRules() {}

  /** Every rule of the schema that the value breaks, in the order of the schema. */
  static List<Breach> breaches(JsonNode schema, JsonNode value) {
    var rules = new SchemaRules();
    rules.check(schema, value, "");
    return rules.breaches;
  }

  private static boolean fits(JsonNode schema, JsonNode value) {
    return breaches(schema, value).isEmpty();
  }

  private void check(JsonNode schema, JsonNode value, String at) {
    for (var rule : schema.properties()) {
      if (!holds(schema, rule.getKey(), rule.getValue(), value, at)) {
        String note = schema.path("description").asText();
        breaches.add(new Breach(at, rule.getKey(), "", note, false));
      }
    }
  }

  /** Whether one keyword is kept; breaches further down are noted where they occur. */
  private boolean holds(JsonNode schema, String keyword, JsonNode rule, JsonNode value, String at) {
    return switch (keyword) {
      case "type" ->
          rule.isArray()
              ? rule.valueStream().anyMatch(type -> isOf(type.asText(), value))
              : isOf(rule.asText(), value);
      case "enum" -> rule.valueStream().anyMatch(each -> each.equals(NUMBERS_BY_VALUE, value));
      case "const" -> rule.equals(NUMBERS_BY_VALUE, value);
      case "minimum" -> !value.isNumber() || compare(value, rule) >= 0;
      case "maximum" -> !value.isNumber() || compare(value, rule) <= 0;
      case "exclusiveMinimum" -> !value.isNumber() || compare(value, rule) > 0;
      case "exclusiveMaximum" -> !value.isNumber() || compare(value, rule) < 0;
      case "multipleOf" ->
          !value.isNumber() || value.decimalValue().remainder(rule.decimalValue()).signum() == 0;
      case "minLength" -> !value.isTextual() || length(value) >= rule.intValue();
      case "maxLength" -> !value.isTextual() || length(value) <= rule.intValue();
      case "pattern" ->
          !value.isTextual() || Pattern.compile(rule.textValue()).matcher(value.textValue()).find();
      case "minItems" -> !value.isArray() || value.size() >= rule.intValue();
      case "maxItems" -> !value.isArray() || value.size() <= rule.intValue();
      case "uniqueItems" ->
          !value.isArray() || !rule.booleanValue() || distinct(value) == value.size();
      case "minProperties" -> !value.isObject() || value.size() >= rule.intValue();
      case "maxProperties" -> !value.isObject() || value.size() <= rule.intValue();
      default -> nested(schema, keyword, rule, value, at);
    };
  }

  private boolean nested(
      JsonNode schema, String keyword, JsonNode rule, JsonNode value, String at) {
    switch (keyword) {
      case "properties" -> {
        for (var property : rule.properties()) {
          String name = property.getKey();
          if (value.has(name)) {
            check(property.getValue(), value.get(name), at + "/" + name);
          }
        }
      }
      case "items" -> {
        for (int i = 0; value.isArray() && i < value.size(); i++) {
          check(rule, value.get(i), at + "/" + i);
        }
      }
      case "required" -> {
        for (JsonNode name : rule) {
          if (value.isObject() && !value.has(name.asText())) {
            breaches.add(new Breach(at, keyword, name.asText(), "", false));
          }
        }
      }
      case "additionalProperties" -> {
        for (var field : value.properties()) {
          if (!rule.booleanValue() && !schema.path("properties").has(field.getKey())) {
            breaches.add(new Breach(at, keyword, field.getKey(), "", false));
          }
        }
      }
      case "allOf" -> rule.forEach(each -> check(each, value, at));
      case "if" -> {
        check(schema.path(fits(rule, value) ? "then" : "else"), value, at);
      }
      case "not" -> {
        return !fits(rule, value);
      }
      case "anyOf" -> {
        return matches(rule, value) > 0;
      }
      case "oneOf" -> {
        return matches(rule, value) == 1;
      }
      default -> {}
    }
    return true;
  }

  private static long matches(JsonNode schemas, JsonNode value) {
    return schemas.valueStream().filter(schema -> fits(schema, value)).count();
  }

  private static boolean isOf(String type, JsonNode value) {
    return switch (type) {
      case "string" -> value.isTextual();
      case "number" -> value.isNumber();
      case "integer" -> value.isNumber() && isWhole(value.decimalValue());
      case "boolean" -> value.isBoolean();
      case "array" -> value.isArray();
      case "object" -> value.isObject();
      default -> value.isNull();
    };
  }

  private static boolean isWhole(BigDecimal value) {
    return value.signum() == 0 || value.stripTrailingZeros().scale() <= 0;
  }

  private static long distinct(JsonNode array) {
    return array.valueStream().distinct().count();
  }

  private static int compare(JsonNode value, JsonNode limit) {
    return value.decimalValue().compareTo(limit.decimalValue());
  }

  private static int length(JsonNode value) {
    return value.textValue().codePointCount(0, value.textValue().length());
  }
}
