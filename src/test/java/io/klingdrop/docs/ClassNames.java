package io.klingdrop.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The classes of the sources by their simple names, and what documents may call them. */
final class ClassNames {
  /** {@code Polls}, {@code poll.Polls}, {@code Polls.check}, {@code http.Edge}. */
  private static final Pattern CLASS =
      Pattern.compile(
          "(?:([a-z][a-z0-9.]*)\\.)?([A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*)(?:\\.([A-Za-z]\\w*))?(?:\\(\\))?");

  private static final Pattern TYPE =
      Pattern.compile(
          "^ *(?:[a-z-]+ )*(?:class|interface|enum|record) ([A-Z]\\w*)", Pattern.MULTILINE);

  private final Map<String, Map<String, String>> sources = new HashMap<>();

  /** Those of such folders of sources. */
  static ClassNames of(List<Path> roots) throws IOException {
    var names = new ClassNames();
    for (var root : roots) {
      try (var files = Files.walk(root)) {
        for (var file : files.filter(one -> one.toString().endsWith(".java")).toList()) {
          var text = Files.readString(file);
          var room = String.valueOf(root.relativize(file).getParent()).replace('/', '.');
          TYPE.matcher(text)
              .results()
              .forEach(
                  type ->
                      names
                          .sources
                          .computeIfAbsent(type.group(1), name -> new HashMap<>())
                          .merge(room, text, String::concat));
        }
      }
    }
    return names;
  }

  /** Why a word that looks like a class is none, empty if it is one or does not look so. */
  Optional<String> fault(String word) {
    var name = CLASS.matcher(word);
    if (!name.matches()) {
      return Optional.empty();
    }
    var rooms = sources.getOrDefault(name.group(2), Map.of());
    if (rooms.isEmpty()) {
      return javasOwn(name.group(2))
          ? Optional.empty()
          : Optional.of("there is no class " + name.group(2));
    }
    var room = name.group(1);
    var texts = new TreeSet<String>();
    rooms.forEach(
        (home, text) -> {
          if (room == null || ("." + home).endsWith("." + room)) {
            texts.add(text);
          }
        });
    if (texts.isEmpty()) {
      return Optional.of("there is no class " + name.group(2) + " in " + room);
    }
    var member = name.group(3);
    return member == null
            || texts.stream()
                .anyMatch(text -> Pattern.compile("\\b" + member + "\\b").matcher(text).find())
        ? Optional.empty()
        : Optional.of(name.group(2) + " has no " + member);
  }

  private static boolean javasOwn(String name) {
    try {
      Class.forName("java.lang." + name);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
