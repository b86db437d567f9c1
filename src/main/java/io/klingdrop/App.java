package io.klingdrop;

import io.klingdrop.cli.Cli;
import io.klingdrop.fault.ForeignObjects;
import io.klingdrop.fault.OutOfMemory;
import io.klingdrop.process.ComponentJars;
import io.klingdrop.process.StartException;

/** The program's entry. */
public final class App {
  private static final String NO_UNSAFE = "io.netty.noUnsafe";

  private App() {}

  /** Runs the command line, the jars of {@code lib/} at hand, and ends with its exit code. */
  public static void main(String[] args) {
    OutOfMemory.endsTheProgram();
    ForeignObjects.refuse();
    quietNetty();
    try {
      Thread.currentThread().setContextClassLoader(ComponentJars.beside(App.class));
    } catch (StartException e) {
      System.err.println("klingdrop cannot start:");
      String.valueOf(e.getMessage()).lines().forEach(line -> System.err.println("  - " + line));
      System.exit(2);
    }
    System.exit(Cli.run(args));
  }

  /**
   * Lets Netty do without {@code sun.misc.Unsafe} where Java warns about it, from 24 on; one buffer
   * more or less is nothing here. Before Netty's first class; who sets the property decides.
   */
  private static void quietNetty() {
    if (Runtime.version().feature() >= 24 && System.getProperty(NO_UNSAFE) == null) {
      System.setProperty(NO_UNSAFE, "true");
    }
  }
}
