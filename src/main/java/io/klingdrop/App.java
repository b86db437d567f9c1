package io.klingdrop;

import io.klingdrop.cli.Cli;
import io.klingdrop.control.Lib;
import io.klingdrop.fault.OutOfMemory;

/** The program's entry. */
public final class App {

  private App() {}

  /** Runs the command line, the jars of {@code lib/} at hand, and ends with its exit code. */
  public static void main(String[] args) {
    OutOfMemory.endsTheProgram();
    Thread.currentThread().setContextClassLoader(Lib.beside(App.class));
    System.exit(Cli.run(args));
  }
}
