package io.klingdrop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A program that is told to end while it still closes things, in a process of its own. */
class OrderlyStopTest {

  /** Is told to end at once, and closes when somebody types a line. */
  public static final class Program {
    private Program() {}

    public static void main(String[] args) throws IOException {
      var stop = OrderlyStop.awaited();
      new Thread(() -> System.exit(0)).start();
      while (!ending()) {
        Thread.onSpinWait();
      }
      System.out.println("ending");
      while (System.in.read() != '\n') {
        // a line is typed once this one was seen
      }
      System.out.println("closed");
      System.out.flush();
      stop.close();
    }

    private static boolean ending() {
      var none = new Thread(() -> {});
      try {
        Runtime.getRuntime().addShutdownHook(none);
        return !Runtime.getRuntime().removeShutdownHook(none);
      } catch (IllegalStateException e) {
        return true;
      }
    }
  }

  @Test
  void theEndOfTheProgramWaitsUntilAllIsClosed() throws Exception {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var classes = System.getProperty("java.class.path");
    var process =
        new ProcessBuilder(List.of(java, "-cp", classes, Program.class.getName()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var said = process.inputReader();
        var typed = process.outputWriter()) {
      assertThat(said.readLine()).isEqualTo("ending");
      typed.write("go on\n");
      typed.flush();

      assertThat(said.readLine()).isEqualTo("closed");
      assertThat(process.onExit().join().exitValue()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }
}
