package io.klingdrop.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What stands in a working folder in another form than it is shipped in. */
final class Changed {

  private Changed() {}

  /** One sentence for each route and model that differs; empty if none does. */
  static List<String> of(Path folder) {
    var said = new ArrayList<String>();
    for (var top : List.of("routes", "config/models")) {
      var tree = folder.resolve(top);
      if (!Files.isDirectory(tree)) {
        continue;
      }
      try (var walk = Files.walk(tree)) {
        for (var file : walk.filter(Files::isRegularFile).sorted().toList()) {
          var name = folder.relativize(file).toString().replace('\\', '/');
          if (differs(file, name)) {
            said.add(
                name
                    + " is not as this version ships it: edited here, or of another version."
                    + " It is used as it stands.");
          }
        }
      } catch (IOException e) {
        said.add(top + " cannot be compared with what is shipped: " + e.getMessage());
      }
    }
    return said;
  }

  private static boolean differs(Path file, String name) throws IOException {
    try (var shipped = Changed.class.getResourceAsStream("/" + name)) {
      return shipped != null && !Arrays.equals(shipped.readAllBytes(), Files.readAllBytes(file));
    }
  }
}
