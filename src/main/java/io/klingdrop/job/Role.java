package io.klingdrop.job;

import java.util.Locale;

/** What a file is to its bundle. */
public enum Role {
  IMAGE,
  AUDIO,
  SIDECAR;

  /** The word in sidecars and in the ledger, such as {@code image}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
