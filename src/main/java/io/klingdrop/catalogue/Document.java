package io.klingdrop.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A parsed file that still knows where each of its values stands.
 *
 * @param lines the line, from 1, of each value by its path ({@code media/image/field})
 */
record Document(String name, JsonNode root, Map<String, Integer> lines) {
  /** Decimals keep every digit they were written with. */
  static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** How deep values may be nested; the deepest known model input needs four. */
  static final int MAX_DEPTH = 12;

  /** The longest known name of a parameter has 20 characters. */
  static final int MAX_KEY = 200;

  /** Paths of more values are not kept: a small file could make them need a thousand times it. */
  private static final int MAX_LINES = 10_000;

  /** A number longer than this, or beyond {@code 1e±400}, is no setting of any model. */
  private static final int MAX_NUMBER_LENGTH = 60;

  private static final int MAX_SCALE = 400;
  private static final Pattern INTEGER = Pattern.compile("[-+]?(0|[1-9][0-9]*)");

  /** The line of a path, or of its nearest ancestor, or 0. */
  int line(String path) {
    String at = path;
    while (!at.isEmpty()) {
      Integer line = lines.get(at);
      if (line != null) {
        return line;
      }
      at = at.substring(0, Math.max(0, at.lastIndexOf('/')));
    }
    return 0;
  }

  /** Remembers where a value stands, the first time it is told. */
  static void note(Map<String, Integer> lines, String path, int line) {
    if (lines.size() < MAX_LINES) {
      lines.putIfAbsent(path, line);
    }
  }

  static String child(String path, String key) {
    return path.isEmpty() ? key : path + "/" + key;
  }

  /** The exact number of a text that has a number's form, or null if it is absurdly large. */
  static @Nullable JsonNode number(String text) {
    if (text.length() > MAX_NUMBER_LENGTH) {
      return null;
    }
    if (INTEGER.matcher(text).matches()) {
      BigInteger value = new BigInteger(text);
      return value.bitLength() < 32
          ? NODES.numberNode(value.intValue())
          : value.bitLength() < 64 ? NODES.numberNode(value.longValue()) : NODES.numberNode(value);
    }
    try {
      BigDecimal value = new BigDecimal(text);
      return Math.abs((long) value.scale()) > MAX_SCALE ? null : NODES.numberNode(value);
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
