package io.klingdrop.testing;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;

/** The program with a rule taken out: its own sources, changed and compiled anew. */
public final class ProgramMutant {
  private static final Path SOURCES = Path.of("src/main/java/io/klingdrop");

  private ProgramMutant() {}

  /**
   * One place of a source.
   *
   * @param file below {@code io/klingdrop}
   * @param rule text that stands there once
   * @param instead what stands there in the mutant
   */
  public record Edit(String file, String rule, String instead) {}

  /**
   * A loader of all classes of the program and its tests, with these edits.
   *
   * @param folder an empty one for what is compiled
   * @throws IllegalArgumentException if an edit does not fit its source any more
   */
  public static URLClassLoader loader(Path folder, List<Edit> edits) throws IOException {
    var sources = new ArrayList<String>();
    for (var edit : edits) {
      var changed = folder.resolve(edit.file());
      var source = Files.readString(Files.exists(changed) ? changed : SOURCES.resolve(edit.file()));
      if (source.split(java.util.regex.Pattern.quote(edit.rule()), -1).length != 2) {
        throw new IllegalArgumentException(
            "stands not once in " + edit.file() + ": " + edit.rule());
      }
      Files.createDirectories(changed.getParent());
      Files.writeString(changed, source.replace(edit.rule(), edit.instead()));
      if (!sources.contains(changed.toString())) {
        sources.add(changed.toString());
      }
    }
    var out = Files.createDirectories(folder.resolve("classes"));
    if (!sources.isEmpty()) {
      var path = System.getProperty("java.class.path");
      var args =
          new ArrayList<>(List.of("-nowarn", "-proc:none", "-d", out.toString(), "-cp", path));
      args.addAll(sources);
      var failed =
          ToolProvider.getSystemJavaCompiler().run(null, null, null, args.toArray(String[]::new));
      if (failed != 0) {
        throw new IllegalArgumentException("does not compile: " + edits);
      }
    }
    return new Own(urls(out));
  }

  private static URL[] urls(Path mutant) throws MalformedURLException {
    var urls = new ArrayList<URL>(List.of(mutant.toUri().toURL()));
    for (var entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    return urls.toArray(URL[]::new);
  }

  /** Loads the program's own classes itself, whatever its parent has. */
  private static final class Own extends URLClassLoader {
    Own(URL[] urls) {
      super(urls, ProgramMutant.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        if (!name.startsWith("io.klingdrop.")) {
          return super.loadClass(name, resolve);
        }
        var loaded = findLoadedClass(name);
        return loaded == null ? findClass(name) : loaded;
      }
    }
  }
}
