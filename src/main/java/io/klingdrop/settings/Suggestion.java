package io.klingdrop.settings;

import io.klingdrop.job.Closest;
import java.util.Collection;

/** The end of a sentence about an unknown name. */
final class Suggestion {

  private Suggestion() {}

  /** {@code "; did you mean X?"} or nothing. */
  static String of(String name, Collection<String> known) {
    return Closest.to(name, known).map(close -> "; did you mean " + close + "?").orElse("");
  }
}
