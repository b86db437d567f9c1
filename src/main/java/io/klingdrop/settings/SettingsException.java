package io.klingdrop.settings;

import java.util.List;

/** The configuration cannot be used. Lists every fault at once, each naming its key. */
public final class SettingsException extends RuntimeException {
  private final transient List<String> problems;
  private final transient LogSettings log;

  /**
   * With at least one problem, each a sentence.
   *
   * @param log how they are to be told
   */
  public SettingsException(List<String> problems, LogSettings log) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
    this.log = log;
  }

  /** How the log was set to look; as text if that was set wrongly. */
  public LogSettings log() {
    return log;
  }

  /** One sentence each. */
  public List<String> problems() {
    return problems;
  }
}
