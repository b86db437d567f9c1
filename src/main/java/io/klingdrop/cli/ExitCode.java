package io.klingdrop.cli;

/** What the program ends with. */
final class ExitCode {
  /** All is well. */
  static final int FINE = 0;

  /** A job failed, or a verb was not done to some of several jobs. */
  static final int FAILED = 1;

  /** A wrong command line or wrong settings, or a verb that does not apply. */
  static final int USAGE = 2;

  /** The service's database was away for too long, or took it for dead: start it anew. */
  static final int LOST = 3;

  private ExitCode() {}
}
