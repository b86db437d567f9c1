package io.klingdrop.catalogue;

import java.util.List;

/** Everything that is wrong with the model and profile files, found in one go. */
public final class CatalogueException extends RuntimeException {
  private final transient List<String> problems;

  CatalogueException(List<String> problems) {
    super(String.join(System.lineSeparator(), problems));
    this.problems = List.copyOf(problems);
  }

  /** One sentence each, starting with file and line and naming the key; never empty. */
  public List<String> problems() {
    return problems;
  }
}
