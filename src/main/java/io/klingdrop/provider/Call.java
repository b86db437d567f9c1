package io.klingdrop.provider;

import java.util.Locale;

/** The calls an error table tells apart. */
public enum Call {
  CREATE,
  RECORD,
  UPLOAD,
  CREDIT,
  /** Not a call: the reason of a task that ended in failure. */
  TASK;

  /** The word in error tables. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
