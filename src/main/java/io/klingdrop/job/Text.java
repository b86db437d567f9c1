package io.klingdrop.job;

/** Makes text from outside fit for one line of a log, a file or a terminal. */
public final class Text {

  private Text() {}

  /**
   * The text with every control character, line or paragraph separator and text-direction mark
   * replaced by a blank, cut to at most {@code max} characters with an ellipsis.
   */
  public static String oneLine(String text, int max) {
    var out = new StringBuilder(Math.min(text.length(), max));
    text.codePoints().limit(max + 1L).forEach(c -> out.appendCodePoint(harmless(c) ? c : ' '));
    var line = out.toString().strip();
    if (line.codePointCount(0, line.length()) <= max) {
      return line;
    }
    return line.substring(0, line.offsetByCodePoints(0, max - 1)) + "…";
  }

  /**
   * The same JSON text, in which each character that a terminal would obey, or that turns text, is
   * written as an escape: the document says the same to whoever reads it as JSON. Line ends stay.
   */
  public static String escaped(String json) {
    var out = new StringBuilder(json.length());
    json.codePoints()
        .forEach(
            c -> {
              if (c == '\n' || c == '\r' || harmless(c)) {
                out.appendCodePoint(c);
              } else {
                for (var half : Character.toChars(c)) {
                  out.append("\\u%04x".formatted((int) half));
                }
              }
            });
    return out.toString();
  }

  /** The innermost cause of a failure, the failure itself if it has none. */
  public static Throwable root(Throwable failure) {
    var root = failure;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root;
  }

  /**
   * Whether a terminal only shows this character: no control character, no line or paragraph
   * separator, no mark of text direction.
   */
  public static boolean harmless(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
      case Character.FORMAT -> codePoint == 0x200D;
      default -> true;
    };
  }
}
