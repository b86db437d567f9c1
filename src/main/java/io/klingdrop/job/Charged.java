package io.klingdrop.job;

import java.util.Locale;

/** Whether a job cost money, as far as anybody here can know. */
public enum Charged {
  NO,
  YES,
  UNKNOWN;

  /** The word in {@code error.json}: {@code no}, {@code yes} or {@code unknown}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
