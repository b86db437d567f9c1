package io.klingdrop.settings;

import io.klingdrop.job.Suggest;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Gathers the settings: the shipped file gives every known key with its default, the file in the
 * working folder overrides it, the environment wins. Problems are collected, not thrown.
 */
final class Sources {
  private static final String SHIPPED = "/config/application.properties";

  /** The variables in which people already have a value; the first that is set counts. */
  private static final Map<String, List<String>> USUAL_NAMES =
      Map.of(
          "klingdrop.provider.kie.api-key", List.of("KIE_API_KEY"),
          "klingdrop.provider.comet.api-key", List.of("COMETAPI_KEY"),
          "klingdrop.proxy.https", List.of("HTTPS_PROXY", "https_proxy"),
          "klingdrop.proxy.http", List.of("HTTP_PROXY", "http_proxy"),
          "klingdrop.proxy.not-for", List.of("NO_PROXY", "no_proxy"));

  private final Map<String, String> known;
  private final Map<String, String> values = new TreeMap<>();
  private final Map<String, String> origins = new TreeMap<>();
  private final List<String> problems = new ArrayList<>();

  Sources(Path workingFolder, Map<String, String> environment, Map<String, String> overrides) {
    known = shipped();
    values.putAll(known);
    var file = workingFolder.resolve("config/application.properties");
    if (Files.exists(file)) {
      file(file);
    }
    environment(environment);
    overrides.forEach(
        (key, value) -> {
          values.put(key, value);
          origins.put(key, key);
        });
  }

  /** Every effective {@code klingdrop.*} value by key. */
  Map<String, String> values() {
    return values;
  }

  List<String> problems() {
    return problems;
  }

  /** How the person who set this key knows it: the key itself, or the variable's name. */
  String origin(String key) {
    return origins.getOrDefault(key, key);
  }

  private void file(Path file) {
    Map<String, String> read;
    try (var reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      read = klingdropKeys(reader);
    } catch (IOException | IllegalArgumentException e) {
      problems.add("config/application.properties cannot be read: " + e.getMessage());
      return;
    }
    var keys = new TreeMap<String, String>();
    known.keySet().forEach(key -> keys.put(key, key));
    read.forEach((key, value) -> take(keys, key, value, key + " in config/application.properties"));
  }

  private void environment(Map<String, String> environment) {
    var byVariable = new TreeMap<String, String>();
    known.keySet().forEach(key -> byVariable.put(variable(key), key));
    new TreeMap<>(environment)
        .forEach(
            (name, value) -> {
              if (name.startsWith("KLINGDROP_")) {
                take(byVariable, name, value, name);
              }
            });
    USUAL_NAMES.forEach(
        (key, variables) -> {
          for (var variable : variables) {
            var value = environment.get(variable);
            if (value != null && values.getOrDefault(key, "").isEmpty()) {
              put(key, value, variable);
            }
          }
        });
  }

  private void secret(String key, String variable, String file) {
    try {
      put(key, SecretFile.read(Path.of(file)), variable);
    } catch (IllegalArgumentException e) {
      problems.add(
          variable
              + ": the file "
              + (e instanceof InvalidPathException ? "cannot be read (no path)" : e.getMessage()));
    } catch (IOException e) {
      problems.add(
          "%s: the file %s cannot be read (%s)"
              .formatted(variable, file, e.getClass().getSimpleName()));
    }
  }

  /** Takes what somebody set by one of the names of the keys, or the file that holds it. */
  private void take(Map<String, String> keys, String name, String value, String origin) {
    var key = keys.get(name);
    var fileKey = name.endsWith("_FILE") ? keys.get(name.substring(0, name.length() - 5)) : null;
    if (key != null) {
      put(key, value, origin);
    } else if (fileKey != null) {
      secret(fileKey, name, value);
    } else {
      problems.add(
          "%s: there is no such setting%s".formatted(origin, Suggest.hint(name, keys.keySet())));
    }
  }

  private void put(String key, String value, String origin) {
    values.put(key, value.strip());
    origins.put(key, origin);
  }

  private static String variable(String key) {
    return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  private static Map<String, String> shipped() {
    try (var in = Sources.class.getResourceAsStream(SHIPPED)) {
      if (in == null) {
        throw new IllegalStateException("missing in the jar: " + SHIPPED);
      }
      return klingdropKeys(new InputStreamReader(in, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> klingdropKeys(Reader reader) throws IOException {
    var properties = new Properties();
    properties.load(reader);
    var keys = new TreeMap<String, String>();
    for (var key : properties.stringPropertyNames()) {
      if (key.startsWith("klingdrop.")) {
        keys.put(key, properties.getProperty(key).strip());
      }
    }
    return keys;
  }
}
