package io.klingdrop.outcomes;

import io.klingdrop.files.Hashes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * An endpoint URI and what may be shown of it: never a user, a password or an option, and of a web
 * address never the path, which is often a secret by itself.
 *
 * @param uri as it was configured; may hold secrets
 */
record Address(String uri) {
  private static final Set<String> WEB = Set.of("http", "https");

  /** The component's name, such as {@code jms}. */
  String scheme() {
    return uri.substring(0, uri.indexOf(':')).toLowerCase(Locale.ROOT);
  }

  boolean isWeb() {
    return WEB.contains(scheme());
  }

  /** The name for logs, terminals and the ledger; two addresses have two names. */
  String shown() {
    var plain = plain();
    if (isWeb()) {
      var end = plain.indexOf('/', plain.indexOf("//") + 2);
      plain = end < 0 ? plain : plain.substring(0, end) + "/…";
    }
    return plain.equals(uri) ? plain : plain + " #" + Hashes.sha256(uri).substring(0, 6);
  }

  private String plain() {
    var question = uri.indexOf('?');
    var plain = question < 0 ? uri : uri.substring(0, question);
    return plain.replaceFirst("(//|:)[^/@]*@", "$1");
  }

  /** The text with everything in it that {@link #shown} leaves out replaced by an ellipsis. */
  String hide(String text) {
    var hidden = isWeb() ? text.replaceAll("https?://\\S+", "the address") : text;
    for (var part : secrets()) {
      hidden = hidden.replace(part, "…");
    }
    return hidden;
  }

  private List<String> secrets() {
    var parts = new ArrayList<String>();
    var question = uri.indexOf('?');
    if (question >= 0) {
      for (var option : uri.substring(question + 1).split("&", -1)) {
        var value = option.substring(option.indexOf('=') + 1);
        parts.add(value.startsWith("RAW(") ? value.substring(4, value.length() - 1) : value);
      }
    }
    var beforeQuestion = question < 0 ? uri : uri.substring(0, question);
    var at = beforeQuestion.indexOf('@');
    if (at >= 0) {
      var start = Math.max(beforeQuestion.indexOf("//") + 2, beforeQuestion.indexOf(':') + 1);
      if (start < at) {
        parts.addAll(List.of(beforeQuestion.substring(start, at).split(":", 2)));
      }
    }
    if (isWeb()) {
      var path = beforeQuestion.indexOf('/', beforeQuestion.indexOf("//") + 2);
      if (path >= 0) {
        parts.add(beforeQuestion.substring(path + 1));
      }
    }
    // what is shorter is no secret, and would be found inside ordinary words
    parts.removeIf(part -> part.length() < 6);
    parts.sort((a, b) -> b.length() - a.length());
    return parts;
  }

  @Override
  public String toString() {
    return shown();
  }
}
