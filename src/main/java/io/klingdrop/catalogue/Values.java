package io.klingdrop.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;

/** Looks at single values before the schema does, and gives them the type it wants. */
final class Values {
  private Values() {}

  /** What no model can want of a value, or an empty text. */
  static String problem(JsonNode value) {
    if (value.isNull() || value.isMissingNode()) {
      return "has no value; write \"\" for an empty text";
    }
    if (value.isTextual()) {
      return textProblem(value.textValue());
    }
    for (var entry : value.properties()) {
      String inKey = textProblem(entry.getKey());
      if (!inKey.isEmpty()) {
        return inKey;
      }
    }
    for (JsonNode item : value) {
      String inside = item.isNull() ? "" : problem(item);
      if (!inside.isEmpty()) {
        return inside;
      }
    }
    return "";
  }

  private static String textProblem(String text) {
    int[] points = text.codePoints().toArray();
    for (int i = 0; i < points.length; i++) {
      if (Words.isControl(points[i])) {
        return "has a control character (U+%04X) as character %d".formatted(points[i], i + 1);
      }
      if (Character.getType(points[i]) == Character.SURROGATE) {
        return "has half a character (U+%04X) as character %d".formatted(points[i], i + 1);
      }
    }
    return "";
  }

  /**
   * The value in the schema's type where that changes nothing about it, else the value itself,
   * which the schema then refuses.
   */
  static JsonNode convert(JsonNode value, String type) {
    return switch (type) {
      case "string" ->
          value.isNumber()
              ? Document.NODES.textNode(
                  value.isBigDecimal() ? value.decimalValue().toString() : value.asText())
              : value;
      case "boolean" ->
          switch (value.isTextual() ? value.textValue() : "") {
            case "true" -> Document.NODES.booleanNode(true);
            case "false" -> Document.NODES.booleanNode(false);
            default -> value;
          };
      case "integer" -> value.isBigDecimal() ? whole(value) : value;
      default -> value;
    };
  }

  private static JsonNode whole(JsonNode value) {
    BigDecimal plain = value.decimalValue().stripTrailingZeros();
    JsonNode number = plain.scale() <= 0 ? Document.number(plain.toPlainString()) : null;
    return number != null ? number : value;
  }
}
