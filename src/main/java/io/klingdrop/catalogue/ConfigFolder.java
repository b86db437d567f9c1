package io.klingdrop.catalogue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The model and profile files of one configuration folder.
 *
 * <p>Symbolic links are followed, as mounted configuration is often made of them; names that start
 * with a dot are passed over, as that is where the links point.
 *
 * @param folder may not exist
 */
record ConfigFolder(Path folder, List<String> problems) {
  private static final Pattern YAML = Pattern.compile(".+\\.ya?ml");
  private static final Pattern PROFILE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  Map<ModelKey, Model> models() {
    Map<ModelKey, Model> models = new LinkedHashMap<>();
    Map<ModelKey, String> files = new LinkedHashMap<>();
    forEachDocument(
        "models",
        16,
        document -> {
          var read = ModelReader.read(document, problems);
          if (read.isEmpty()) {
            return;
          }
          var model = read.get();
          var key = new ModelKey(model.provider(), model.id());
          String other = files.putIfAbsent(key, document.name());
          if (other != null) {
            problems.add(
                "%s: model %s is already described by %s"
                    .formatted(document.name(), model.label(), other));
          }
          models.put(key, model);
        });
    return models;
  }

  Map<String, Profile> profiles() {
    Map<String, Profile> profiles = new LinkedHashMap<>();
    forEachDocument(
        "profiles",
        1,
        document -> {
          String fileName = Path.of(document.name()).getFileName().toString();
          String name = fileName.substring(0, fileName.lastIndexOf('.'));
          if (!PROFILE.matcher(name).matches()) {
            problems.add(
                document.name() + ": a profile's name has letters, digits, dots, _ and - only");
          } else if (profiles.containsKey(name)) {
            problems.add(document.name() + ": profile " + name + " has two files");
          }
          ProfileReader.read(name, document, problems)
              .ifPresent(profile -> profiles.put(name, profile));
        });
    return profiles;
  }

  private void forEachDocument(String below, int depth, Consumer<Document> consumer) {
    Path root = folder.resolve(below);
    if (!Files.isDirectory(root)) {
      return;
    }
    try (Stream<Path> walk = Files.walk(root, depth, FileVisitOption.FOLLOW_LINKS)) {
      walk.filter(path -> isYaml(root, path))
          .sorted()
          .forEach(path -> document(root, path).ifPresent(consumer));
    } catch (IOException | UncheckedIOException e) {
      problems.add(root + ": cannot be read: " + e.getMessage());
    }
  }

  private static boolean isYaml(Path root, Path path) {
    for (Path part : root.relativize(path)) {
      if (part.toString().startsWith(".")) {
        return false;
      }
    }
    return YAML.matcher(path.getFileName().toString()).matches() && Files.isRegularFile(path);
  }

  /** The document in a file, or nothing if it is faulty or an untouched copy of a shipped one. */
  private Optional<Document> document(Path root, Path file) {
    String name = file.toString();
    String shipped =
        "config/%s/%s"
            .formatted(root.getFileName(), root.relativize(file).toString().replace('\\', '/'));
    try (InputStream in = Files.newInputStream(file)) {
      String text = SourceText.read(in, name);
      return BuiltIn.has(shipped, text)
          ? Optional.empty()
          : Optional.of(YamlText.parse(text, name));
    } catch (ParametersException e) {
      problems.add(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      problems.add(name + ": cannot be read: " + e.getMessage());
    }
    return Optional.empty();
  }
}
