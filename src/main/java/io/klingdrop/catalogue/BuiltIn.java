package io.klingdrop.catalogue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/**
 * The model and profile files that come with the program, read from the class path. A class path
 * cannot be listed, so each folder has an {@code index.txt} that names its files.
 */
final class BuiltIn {
  /** A line of the models' index; the path is below {@code config/models/}. */
  record Entry(String path, ModelKey model) {}

  private BuiltIn() {}

  static List<Entry> models() {
    return lines("config/models/index.txt").stream()
        .map(line -> line.split(" +", 3))
        .map(parts -> new Entry(parts[0], new ModelKey(parts[1], parts[2])))
        .toList();
  }

  static List<String> profiles() {
    return lines("config/profiles/index.txt");
  }

  /** A file that ships with the program and is therefore in order. */
  static Document yaml(String path) {
    return YamlText.parse(text(path), path);
  }

  /** Whether a file of that path comes with the program and has exactly that text. */
  static boolean has(String path, String text) {
    return BuiltIn.class.getClassLoader().getResource(path) != null && text(path).equals(text);
  }

  private static List<String> lines(String path) {
    return text(path).lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
  }

  private static String text(String path) {
    try (InputStream in = BuiltIn.class.getClassLoader().getResourceAsStream(path)) {
      return SourceText.read(Objects.requireNonNull(in, path + " is not in the jar"), path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
