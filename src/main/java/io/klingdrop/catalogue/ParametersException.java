package io.klingdrop.catalogue;

/**
 * A sidecar, defaults or catalogue file that cannot be read as what it should be.
 *
 * <p>The message is one sentence for the person who wrote the file and starts with the file's name
 * and, where known, the line: {@code host.yaml:3: …}.
 */
public final class ParametersException extends RuntimeException {
  /** The problem at a line of a file; a line below 1 means the file as a whole. */
  ParametersException(String name, int line, String problem) {
    super(name + (line > 0 ? ":" + line : "") + ": " + problem);
  }
}
