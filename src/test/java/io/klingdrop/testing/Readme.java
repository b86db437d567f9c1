package io.klingdrop.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** What the README shows, so that tests can run it as it stands there. */
public final class Readme {
  private static final Path FILE = Path.of("README.md");

  private Readme() {}

  /** The one YAML example with that word in it. */
  public static String yaml(String word) throws IOException {
    return example("yaml", word);
  }

  /** The one JSON example with that word in it. */
  public static String json(String word) throws IOException {
    return example("json", word);
  }

  private static String example(String language, String word) throws IOException {
    var found =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(FILE))
            .results()
            .map(example -> example.group(1))
            .filter(example -> example.contains(word))
            .toList();
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " examples in the README hold " + word);
    }
    return found.get(0);
  }
}
