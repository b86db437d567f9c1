package io.klingdrop.cli;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code init}: writes the shipped configuration and routes for editing. */
@Command(
    name = "init",
    description = "Write config/ and routes/ into this folder for editing; replaces nothing.",
    mixinStandardHelpOptions = true)
final class Init implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException, URISyntaxException {
    var out = spec.commandLine().getOut();
    var written = new ArrayList<String>();
    var kept = new ArrayList<String>();
    for (var top : List.of("config", "routes")) {
      write(top, written, kept);
    }
    written.forEach(name -> out.println("wrote  " + name));
    kept.forEach(name -> out.println("kept   " + name + " (was there already)"));
    out.println();
    out.println("Routes and settings are now read from here. Edit, then: klingdrop doctor");
    return ExitCode.FINE;
  }

  private static void write(String top, List<String> written, List<String> kept)
      throws IOException, URISyntaxException {
    var resource = Init.class.getResource("/" + top);
    if (resource == null) {
      throw new IOException("missing in the jar: " + top);
    }
    var uri = resource.toURI();
    if ("jar".equals(uri.getScheme())) {
      try (var jar = FileSystems.newFileSystem(uri, java.util.Map.of())) {
        copy(jar.getPath("/" + top), top, written, kept);
      }
    } else {
      copy(Path.of(uri), top, written, kept);
    }
  }

  private static void copy(Path from, String top, List<String> written, List<String> kept)
      throws IOException {
    try (var walk = Files.walk(from)) {
      for (var file : walk.filter(Files::isRegularFile).sorted().toList()) {
        var target = Path.of(top).resolve(from.relativize(file).toString());
        if (Files.exists(target)) {
          kept.add(target.toString());
        } else {
          var parent = target.getParent();
          if (parent != null) {
            Files.createDirectories(parent);
          }
          Files.copy(file, target);
          written.add(target.toString());
        }
      }
    }
  }
}
