package io.klingdrop.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;

/**
 * The program before it is packaged: a jar that holds nothing but the manifest of the shipped one
 * and leads to the libraries of this test's class path and to a second jar, which holds the
 * compiled classes. Only what lies in jars can be prepared for quick starts.
 */
final class UnpackagedJar {
  private static final Path CLASSES = Path.of("target", "classes").toAbsolutePath();

  private UnpackagedJar() {}

  /** The first jar; both are made anew unless they are of the classes as they are now. */
  static Path refreshed(Path folder) throws IOException {
    var jar = folder.resolve("klingdrop.jar");
    var classes = folder.resolve("classes.jar");
    var manifest = manifest(folder, classes);
    if (!Files.exists(jar)
        || Files.getLastModifiedTime(jar).compareTo(newest()) < 0
        || !manifest.equals(manifestOf(jar))) {
      write(classes, new Manifest(), files());
      write(jar, manifest, List.of());
    }
    return jar;
  }

  private static Manifest manifest(Path folder, Path classes) {
    var manifest = new Manifest();
    var main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.put(Attributes.Name.MAIN_CLASS, "io.klingdrop.App");
    main.putValue("Enable-Native-Access", "ALL-UNNAMED");
    var parts = new ArrayList<>(List.of(classes));
    Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath())
        .filter(Files::isRegularFile)
        .forEach(parts::add);
    // Java prepares only what is named from where the jar lies
    main.put(
        Attributes.Name.CLASS_PATH,
        String.join(" ", parts.stream().map(part -> folder.relativize(part).toString()).toList()));
    return manifest;
  }

  private static Manifest manifestOf(Path jar) throws IOException {
    try (var file = new JarFile(jar.toFile())) {
      return file.getManifest();
    }
  }

  private static FileTime newest() throws IOException {
    try (var walk = Files.walk(CLASSES)) {
      var times = new ArrayList<FileTime>();
      for (var path : (Iterable<Path>) walk::iterator) {
        times.add(Files.getLastModifiedTime(path));
      }
      return times.stream().max(Comparator.naturalOrder()).orElseThrow();
    }
  }

  private static List<Path> files() throws IOException {
    try (var walk = Files.walk(CLASSES)) {
      return walk.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** Whoever still runs from the jar that was there before keeps it. */
  private static void write(Path jar, Manifest manifest, List<Path> files) throws IOException {
    var part = Files.createTempFile(jar.getParent(), "new", ".jar");
    try (var out = new JarOutputStream(Files.newOutputStream(part), manifest)) {
      out.setLevel(Deflater.BEST_SPEED);
      for (var file : files) {
        out.putNextEntry(new ZipEntry(CLASSES.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, out);
        out.closeEntry();
      }
    }
    Files.move(part, jar, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
