package io.klingdrop.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** What the README shows, so that tests can run it as it stands there. */
public final class Readme {
  private static final Path FILE = Path.of("README.md");
  private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

  private Readme() {}

  /** The one YAML example with that word in it. */
  public static String yaml(String word) throws IOException {
    var found =
        YAML.matcher(Files.readString(FILE))
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
