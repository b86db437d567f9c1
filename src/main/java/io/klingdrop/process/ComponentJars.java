package io.klingdrop.process;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.TypeConverterLoader;

/**
 * The jars in {@code lib/} beside {@code klingdrop.jar}: Camel components and their clients that an
 * operator added. What both hold is taken from {@code klingdrop.jar}.
 */
public final class ComponentJars {
  private static final String CONVERTERS = "META-INF/services/org/apache/camel/TypeConverterLoader";

  private ComponentJars() {}

  /**
   * A class loader that also knows the jars beside the one that holds {@code program}; the
   * program's own where there are none, or where it does not run from a jar.
   */
  public static ClassLoader beside(Class<?> program) {
    var own = program.getClassLoader();
    var jars = jars(program);
    return jars.isEmpty() ? own : new URLClassLoader("lib", jars.toArray(URL[]::new), own);
  }

  private static List<URL> jars(Class<?> program) {
    var source = program.getProtectionDomain().getCodeSource();
    if (source == null || !source.getLocation().getPath().endsWith(".jar")) {
      return List.of();
    }
    try {
      var lib = Path.of(source.getLocation().toURI()).resolveSibling("lib");
      if (!Files.isDirectory(lib)) {
        return List.of();
      }
      SteeringFolders.requireOne(lib, System.getenv());
      var urls = new ArrayList<URL>();
      try (var files = Files.newDirectoryStream(lib, "*.jar")) {
        for (var jar : files) {
          urls.add(jar.toUri().toURL());
        }
      }
      urls.sort(Comparator.comparing(URL::getPath));
      return urls;
    } catch (URISyntaxException | IOException e) {
      throw new StartException("the jars in lib/ cannot be read: " + e);
    }
  }

  /**
   * Makes a context, not yet started, look for components in the present thread's class loader. The
   * single jar holds one list of all its type converters, so that Camel looks for no other: those
   * of the added jars are read here.
   */
  public static void join(CamelContext context) throws Exception {
    var loader = Thread.currentThread().getContextClassLoader();
    if (!(loader instanceof URLClassLoader lib) || !"lib".equals(lib.getName())) {
      return;
    }
    context.setApplicationContextClassLoader(lib);
    for (var list : Collections.list(lib.findResources(CONVERTERS))) {
      for (var name : names(list)) {
        if (Class.forName(name, true, lib).getDeclaredConstructor().newInstance()
            instanceof TypeConverterLoader converters) {
          context.getTypeConverterRegistry().addTypeConverters(converters);
        }
      }
    }
  }

  private static List<String> names(URL list) throws IOException {
    try (var in = list.openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .toList();
    }
  }
}
