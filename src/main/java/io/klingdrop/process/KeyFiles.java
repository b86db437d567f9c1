package io.klingdrop.process;

import io.klingdrop.files.Private;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Looks whether other users of the machine can read the keys: those in files of their own, and
 * those in the settings.
 */
public final class KeyFiles {
  private static final String IN_FILE = "_FILE";
  private static final Pattern SECRET =
      Pattern.compile(".*(-key|password|secret|token)", Pattern.CASE_INSENSITIVE);
  private static final Pattern WITH_PASSWORD =
      Pattern.compile("(?i).*(//[^/@]*:[^/@]*@|password=|secret=).*");

  private KeyFiles() {}

  /** One sentence for each file that others can read. */
  public static List<String> openToOthers(Path workingFolder, Map<String, String> environment) {
    var said = new ArrayList<String>();
    var config = workingFolder.resolve("config/application.properties");
    var own = read(config);
    var files = new TreeMap<>(environment);
    files.keySet().removeIf(name -> !name.startsWith("KLINGDROP_") || !name.endsWith(IN_FILE));
    var holdsKeys = false;
    for (var key : own.stringPropertyNames()) {
      var value = own.getProperty(key).strip();
      if (key.endsWith(IN_FILE)) {
        files.put(key, value);
      } else if (key.startsWith("klingdrop.") && !value.isEmpty()) {
        holdsKeys |= SECRET.matcher(key).matches() || WITH_PASSWORD.matcher(value).matches();
      }
    }
    if (holdsKeys && Private.isOpenToOthers(config)) {
      said.add(open(config.toString(), config));
    }
    files.forEach(
        (key, value) -> {
          try {
            var file = Path.of(value);
            if (Private.isOpenToOthers(file)) {
              said.add(open(key, file));
            }
          } catch (InvalidPathException e) {
            // the settings have said so
          }
        });
    return said;
  }

  private static String open(String what, Path file) {
    return "%s: other users of this machine can read the key in it; chmod 600 %s"
        .formatted(what, file);
  }

  private static Properties read(Path config) {
    var properties = new Properties();
    try (var reader = Files.newBufferedReader(config, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      // none, or the settings have said what is wrong with it
    }
    return properties;
  }
}
