package io.klingdrop.process;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words of spans without what gives access: paths and queries carry secrets of callbacks,
 * tokens of channels and what people searched for. Of an address with a host stay scheme and host,
 * of a path its first segment; whoever has the trace reads no more.
 */
final class SpanWords {
  private static final Pattern ADDRESS = Pattern.compile("(?i)[a-z][a-z0-9+.-]*:/[^\\s\"'<>]*");
  private static final Pattern HOSTED =
      Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]*://)([^/?#]*)([/?#].*)?");
  private static final Pattern PATH = Pattern.compile("(/*[^/?#]*)([/?#].*)?", Pattern.DOTALL);

  /** Attributes that are an address or a part of one, also without a scheme. */
  private static final Set<String> ADDRESSES =
      Set.of(
          "camel.uri http.path http.target http.url server.address url.full url.path"
              .split(" ", -1));

  private static final String CUT = "…";

  private SpanWords() {}

  /** The name of a span, such as {@code GET /callback/…}. */
  static String name(String name) {
    var cut = new StringBuilder();
    for (var word : name.split(" ", -1)) {
      cut.append(cut.isEmpty() ? "" : " ").append(word.contains("/") ? address(word) : path(word));
    }
    return cut.toString();
  }

  /** The value of an attribute of that key. */
  static String attribute(String key, String value) {
    if (key.endsWith(".query")) {
      return value.isEmpty() ? value : CUT;
    }
    return ADDRESSES.contains(key) ? address(value) : text(value);
  }

  /** A sentence in which addresses may stand. */
  static String text(String text) {
    return ADDRESS
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(address(found.group())));
  }

  private static String address(String address) {
    var hosted = HOSTED.matcher(address);
    if (hosted.matches()) {
      // a password before the host may hold any sign
      var host = address.contains("@") ? CUT : hosted.group(2);
      return hosted.group(1) + host + (hosted.group(3) == null ? "" : "/" + CUT);
    }
    return address.contains("@") ? CUT : path(address);
  }

  private static String path(String path) {
    var parts = PATH.matcher(path);
    return parts.matches() && parts.group(2) != null ? parts.group(1) + "/" + CUT : path;
  }
}
