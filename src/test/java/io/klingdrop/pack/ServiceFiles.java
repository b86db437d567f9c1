package io.klingdrop.pack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.ZipFile;

/** All that jars offer by service file: the name of each file and its lines, comments left out. */
record ServiceFiles(Map<String, Set<String>> lines) {
  private static final String SERVICES = "META-INF/services/";
  static final String CAMEL = SERVICES + "org/apache/camel/";
  static final String ALL_CONVERTERS = CAMEL + "UberTypeConverterLoader";

  static ServiceFiles of(List<Path> jars) throws IOException {
    var found = new TreeMap<String, Set<String>>();
    for (var jar : jars) {
      try (var zip = new ZipFile(jar.toFile())) {
        for (var entry : zip.stream().filter(each -> isService(each.getName())).toList()) {
          var text = new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
          text.lines()
              .map(String::strip)
              .filter(line -> !line.isEmpty() && !line.startsWith("#"))
              .forEach(
                  line ->
                      found.computeIfAbsent(entry.getName(), name -> new TreeSet<>()).add(line));
        }
      }
    }
    return new ServiceFiles(found);
  }

  /**
   * Properties files there tell Camel's own tools what a jar is; the program does not read them.
   */
  private static boolean isService(String name) {
    return name.startsWith(SERVICES)
        && !name.endsWith("/")
        && !name.endsWith(".properties")
        && !name.equals(ALL_CONVERTERS);
  }

  /** The names below one of Camel's folders: its components, languages or data formats. */
  Set<String> names(String folder) {
    var prefix = CAMEL + folder + "/";
    var names = new TreeSet<String>();
    lines.keySet().stream()
        .filter(name -> name.startsWith(prefix))
        .forEach(name -> names.add(name.substring(prefix.length())));
    return names;
  }
}
