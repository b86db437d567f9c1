package io.klingdrop.provider;

import java.util.Locale;

/** What a provider's answer asks of us, whatever words it used. */
public enum Meaning {
  /** The request or the media are wrong. */
  INVALID,
  /** Content policy. */
  REJECTED,
  /** The provider could not make the video. */
  GENERATION,
  /** Nothing was created; the same request may go through later. */
  BUSY,
  /** The key is refused. */
  KEY,
  CREDIT,
  /** The key's own spending cap is reached. */
  CAP,
  MAINTENANCE,
  /** Too many calls. */
  RATE,
  /** Too many calls, though this program has made fewer than it may: others use the account. */
  SHARED,
  /** All places for running tasks are taken. */
  FULL,
  /** There is no such call at this address. */
  ADDRESS,
  /** This model is switched off. */
  DISABLED,
  /** The provider does not know the task. */
  UNKNOWN_TASK,
  /** Nothing was said about the task. */
  NO_WORD,
  /** No definite answer: a task may exist. */
  LOST;

  /** Whether this is about the account and never a job's own failure. */
  public boolean closesLane() {
    return switch (this) {
      case KEY, CREDIT, CAP, MAINTENANCE, RATE, SHARED, FULL, ADDRESS, DISABLED -> true;
      case INVALID, REJECTED, GENERATION, BUSY, UNKNOWN_TASK, NO_WORD, LOST -> false;
    };
  }

  /**
   * Whether a createTask that was answered so has surely made no task. Nothing else may be sent
   * again.
   */
  public boolean madeNothing() {
    return switch (this) {
      case INVALID,
          REJECTED,
          BUSY,
          KEY,
          CREDIT,
          CAP,
          MAINTENANCE,
          RATE,
          SHARED,
          FULL,
          ADDRESS,
          DISABLED ->
          true;
      case GENERATION, UNKNOWN_TASK, NO_WORD, LOST -> false;
    };
  }

  /** The word in error tables, such as {@code unknown-task}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The meaning of that word; an illegal argument if there is none. */
  public static Meaning ofWord(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
