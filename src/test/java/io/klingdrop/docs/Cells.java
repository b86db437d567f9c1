package io.klingdrop.docs;

import java.util.List;

/** Texts as they stand in a table of Markdown. */
final class Cells {
  private Cells() {}

  /** A row of such cells. */
  static String row(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }

  /** The two lines above the rows. */
  static String head(String... titles) {
    return row(List.of(titles)) + "|" + "---|".repeat(titles.length) + "\n";
  }

  /** Words of a sentence: nothing of them is markup. */
  static String words(String text) {
    return text.replace("\\", "\\\\")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace("|", "\\|")
        .replace("*", "\\*")
        .replace("_", "\\_");
  }

  /** What is typed, nothing where it is empty. */
  static String code(String text) {
    return text.isEmpty() ? "" : "`" + text.replace("|", "\\|") + "`";
  }

  /** With a capital letter and a full stop. */
  static String sentence(String text) {
    if (text.isEmpty()) {
      return text;
    }
    var start = text.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + text.substring(1);
    return start.matches("(?s).*[.!?…]") ? start : start + ".";
  }
}
