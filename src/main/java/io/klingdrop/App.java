package io.klingdrop;

import io.klingdrop.cli.Cli;
import io.klingdrop.control.Lib;
import io.klingdrop.control.StartException;

/** The program's entry. */
public final class App {

  private App() {}

  /** Runs the command line, the jars of {@code lib/} at hand, and ends with its exit code. */
  public static void main(String[] args) {
    try {
      Thread.currentThread().setContextClassLoader(Lib.beside(App.class));
    } catch (StartException e) {
      System.err.println("klingdrop cannot start:");
      String.valueOf(e.getMessage()).lines().forEach(line -> System.err.println("  - " + line));
      System.exit(2);
    }
    System.exit(Cli.run(args));
  }
}
