package io.klingdrop.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What the documents show, so that tests can run it as it stands there. */
public final class Examples {
  private static final Path README = Path.of("README.md");
  private static final Path DOCS = Path.of("docs");

  private Examples() {}

  /** The one YAML example with that word in it. */
  public static String yaml(String word) throws IOException {
    return example("yaml", word);
  }

  /** The one JSON example with that word in it. */
  public static String json(String word) throws IOException {
    return example("json", word);
  }

  private static String example(String language, String word) throws IOException {
    var fence = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL);
    var found = new ArrayList<String>();
    for (var page : pages()) {
      fence
          .matcher(Files.readString(page))
          .results()
          .map(example -> example.group(1))
          .filter(example -> example.contains(word))
          .forEach(found::add);
    }
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " examples in the documents hold " + word);
    }
    return found.get(0);
  }

  private static List<Path> pages() throws IOException {
    var pages = new ArrayList<Path>(List.of(README));
    try (var files = Files.list(DOCS)) {
      files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    return pages;
  }
}
