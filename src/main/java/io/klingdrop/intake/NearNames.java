package io.klingdrop.intake;

import java.text.Normalizer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Names of files, found again by stems that are only nearly theirs. Immutable. */
final class NearNames {
  private final Map<String, TreeSet<String>> byKey = new HashMap<>();

  NearNames(Collection<String> names) {
    for (var name : names) {
      byKey.computeIfAbsent(key(InboxRules.stem(name)), key -> new TreeSet<>()).add(name);
    }
  }

  /** A name whose stem differs in no more than case, blanks or a second extension. */
  Optional<String> near(String stem) {
    var candidates = byKey.get(key(stem));
    return candidates == null
        ? Optional.empty()
        : candidates.stream().filter(name -> !InboxRules.stem(name).equals(stem)).findFirst();
  }

  /** A stem without what is easily mistyped and hardly seen. */
  private static String key(String stem) {
    var bare = stem;
    for (var again = true; again; ) {
      var shorter =
          InboxRules.role(bare.strip()).isPresent() ? InboxRules.stem(bare.strip()) : bare;
      again = shorter.length() < bare.length();
      bare = shorter;
    }
    return Normalizer.normalize(bare, Normalizer.Form.NFKC)
        .replaceAll("[\\p{Z}\\p{C}]", "")
        .toLowerCase(Locale.ROOT);
  }
}
