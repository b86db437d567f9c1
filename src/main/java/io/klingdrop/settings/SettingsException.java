package io.klingdrop.settings;

import java.util.List;

/** The configuration cannot be used. Lists every fault at once, each naming its key. */
public final class SettingsException extends RuntimeException {
  private final transient List<String> problems;
  private final boolean jsonLog;

  SettingsException(List<String> problems, boolean jsonLog) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
    this.jsonLog = jsonLog;
  }

  /** Whether the log was set to JSON; false if that was set wrongly. */
  public boolean jsonLog() {
    return jsonLog;
  }

  /** One sentence each. */
  public List<String> problems() {
    return problems;
  }
}
