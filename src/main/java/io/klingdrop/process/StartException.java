package io.klingdrop.process;

/** The program cannot start as it is set up. The message is for the operator; exit code 2. */
public final class StartException extends RuntimeException {

  /** With what is wrong and what to do. */
  public StartException(String message) {
    super(message);
  }
}
