package io.klingdrop;

import io.klingdrop.cli.Cli;

/** The program's entry. */
public final class App {

  private App() {}

  /** Runs the command line and ends with its exit code. */
  public static void main(String[] args) {
    System.exit(Cli.run(args));
  }
}
