package io.klingdrop.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.stream.Collectors;

/** Puts values from outside into sentences: short, on one line, without control characters. */
final class Words {
  private static final int LONGEST = 60;
  private static final int JOINER = 0x200D;

  private Words() {}

  /** A text with control characters made harmless and cut after 60 characters. */
  static String clean(String text) {
    return clean(text, LONGEST);
  }

  /** The same, cut after a number of characters. */
  static String clean(String text, int longest) {
    var out = new StringBuilder();
    int[] points = text.codePoints().limit(longest + 1L).toArray();
    for (int i = 0; i < Math.min(points.length, longest); i++) {
      int type = Character.getType(points[i]);
      if (Character.isISOControl(points[i]) || Character.isWhitespace(points[i])) {
        out.append(' ');
      } else if (type == Character.SURROGATE || (type == Character.FORMAT && points[i] != JOINER)) {
        out.append('?');
      } else {
        out.appendCodePoint(points[i]);
      }
    }
    return points.length > longest ? out.append('…').toString() : out.toString();
  }

  static String quote(String text) {
    return '"' + clean(text) + '"';
  }

  /** A value as it would be written in JSON. */
  static String value(JsonNode node) {
    if (node.isTextual()) {
      return quote(node.textValue());
    }
    return clean(node.isNumber() ? number(node.decimalValue()) : node.toString());
  }

  static String number(BigDecimal value) {
    return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
  }

  /** The words of a text with a blank between each. */
  static List<String> list(String words) {
    return List.of(words.split(" ", -1));
  }

  /** {@code a, b or c}. */
  static String anyOf(List<String> items) {
    int last = items.size() - 1;
    if (last < 1) {
      return String.join("", items);
    }
    return items.stream().limit(last).collect(Collectors.joining(", ")) + " or " + items.get(last);
  }

  /** A size in the unit people use, to one digit, never rounded down: {@code 10.5 MB}. */
  static String megabytes(long bytes) {
    boolean small = bytes < 1_000_000;
    var count = BigDecimal.valueOf(bytes).movePointLeft(small ? 3 : 6);
    return count.setScale(1, RoundingMode.UP) + (small ? " KB" : " MB");
  }

  /** Control characters other than tab and the line ends, as no prompt needs them. */
  static boolean isControl(int codePoint) {
    return Character.isISOControl(codePoint)
        && codePoint != '\t'
        && codePoint != '\n'
        && codePoint != '\r';
  }
}
