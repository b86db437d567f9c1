package io.klingdrop.intake;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Names of files, found again by stems that are only nearly theirs. Immutable. */
final class NearNames {
  private final Map<String, TreeSet<String>> byKey = new HashMap<>();

  /** The names of those files, by kind and stem, whose stem is one of these. */
  NearNames(Stream<Map<String, List<Dropped>>> kinds, Predicate<String> stems) {
    kinds
        .flatMap(byStem -> byStem.entrySet().stream())
        .filter(entry -> stems.test(entry.getKey()))
        .flatMap(entry -> entry.getValue().stream())
        .map(Dropped::name)
        .forEach(
            name ->
                byKey
                    .computeIfAbsent(key(InboxRules.stem(name)), key -> new TreeSet<>())
                    .add(name));
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
