package io.klingdrop.node;

import io.klingdrop.files.AtomicFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
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
    var known = find(data);
    if (known.isPresent()) {
      return known.get();
    }
    var id = UUID.randomUUID().toString();
    AtomicFiles.write(data.resolve(FILE), id);
    return new NodeHome(id);
  }

  /**
   * Reads the id; empty if no node has run on this data folder yet. Makes nothing.
   *
   * @throws IOException if the folder cannot be read
   */
  public static Optional<NodeHome> find(Path data) throws IOException {
    var file = data.resolve(FILE);
    return Files.exists(file)
        ? Optional.of(Files.readString(file).strip())
            .filter(id -> id.matches("[0-9a-f-]{36}"))
            .map(NodeHome::new)
        : Optional.empty();
  }

  /**
   * The name of the node on that data folder.
   *
   * @param given what the settings call it, or empty
   * @return empty if it was given none and has not run yet
   * @throws IOException if the folder cannot be read
   */
  public static Optional<String> name(String given, Path data) throws IOException {
    return given.isEmpty() ? find(data).map(NodeHome::usualName) : Optional.of(given);
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
