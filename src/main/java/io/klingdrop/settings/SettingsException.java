package io.klingdrop.settings;

import java.util.List;

/** The configuration cannot be used. Lists every fault at once, each naming its key. */
public final class SettingsException extends RuntimeException {
  private final transient List<String> problems;

  /** With at least one problem, each a sentence. */
  public SettingsException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /** One sentence each. */
  public List<String> problems() {
    return problems;
  }
}
