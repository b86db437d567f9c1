package io.klingdrop.node;

import io.klingdrop.files.AtomicFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * The identity a node keeps in its data folder, whose lock lets only one service be alive there.
 *
 * @param id random, made once
 */
public record NodeHome(String id) {
  private static final String FILE = "node-id";

  /**
   * Reads the id, or makes it.
   *
   * @throws IOException if the folder cannot be read or written
   */
  public static NodeHome of(Path data) throws IOException {
    var file = data.resolve(FILE);
    if (Files.exists(file)) {
      var id = Files.readString(file).strip();
      if (id.matches("[0-9a-f-]{36}")) {
        return new NodeHome(id);
      }
    }
    var id = UUID.randomUUID().toString();
    AtomicFiles.write(file, id);
    return new NodeHome(id);
  }

  /** The name of a node that was given none: that of its machine, and a short suffix. */
  public String usualName() {
    return machine() + "-" + id.substring(0, 4);
  }

  private static String machine() {
    try {
      return InetAddress.getLocalHost().getHostName().replaceFirst("\\..*", "");
    } catch (UnknownHostException e) {
      return "node";
    }
  }
}
