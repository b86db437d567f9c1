package io.klingdrop.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Memory that really runs out, in a process of its own. */
class OutOfMemoryTest {

  /** What runs out of memory, in the way that is named. */
  public static final class Program {
    private Program() {}

    public static void main(String[] args) {
      OutOfMemory.endsTheProgram();
      switch (args[0]) {
        case "thread" -> new Thread(() -> fill()).start();
        case "timer" -> {
          var unused =
              Executors.newSingleThreadScheduledExecutor()
                  .schedule(OutOfMemory.seenIn(Program::fill), 0, TimeUnit.SECONDS);
        }
        case "vertx" ->
            Vertx.vertx().exceptionHandler(OutOfMemory::seen).runOnContext(go -> fill());
        case "log" -> {
          try {
            fill();
          } catch (Throwable e) {
            LoggerFactory.getLogger("io.netty").debug("caught", new IllegalStateException(e));
          }
        }
        default -> throw new IllegalArgumentException(args[0]);
      }
      // a corpse would live on
      new Thread(Program::waitForEver).start();
    }

    private static void fill() {
      var all = new java.util.ArrayList<byte[]>();
      while (true) {
        all.add(new byte[1 << 20]);
      }
    }

    private static synchronized void waitForEver() {
      try {
        while (true) {
          Program.class.wait();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"thread", "timer", "vertx", "log"})
  void memoryThatRunsOutEndsTheProgram(String way) throws Exception {
    assertThat(run(way)).isEqualTo(OutOfMemory.EXIT_CODE);
  }

  @Test
  void insideAProgramOfOthersNothingIsEnded() {
    OutOfMemory.seen(new OutOfMemoryError("not the program's rule"));
  }

  private static int run(String way) throws IOException, InterruptedException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var process =
        new ProcessBuilder(
                List.of(
                    java,
                    "-Xmx32m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Program.class.getName(),
                    way))
            .inheritIO()
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }
}
