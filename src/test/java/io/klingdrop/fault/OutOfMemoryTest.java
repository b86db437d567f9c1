package io.klingdrop.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Memory that really runs out, in a process of its own. */
class OutOfMemoryTest {

  /** What a corpse ends with, once the fault has come and gone. */
  private static final int LIVED_ON = 9;

  /** What runs out of memory, in the way that is named. */
  public static final class Program {
    private Program() {}

    public static void main(String[] args) throws InterruptedException {
      if (!args[0].equals("guest")) {
        OutOfMemory.endsTheProgram();
      }
      switch (args[0]) {
        case "guest" -> OutOfMemory.seen(new OutOfMemoryError("not the program's rule"));
        case "thread" -> {
          var thread = new Thread(Program::fill);
          thread.start();
          thread.join();
        }
        case "timer" -> {
          var timer = Executors.newSingleThreadScheduledExecutor();
          var unused = timer.schedule(OutOfMemory.seenIn(Program::fill), 0, TimeUnit.SECONDS);
          awaitTheNext(timer::execute);
        }
        case "vertx" -> {
          var context = Vertx.vertx().exceptionHandler(OutOfMemory::seen).getOrCreateContext();
          context.runOnContext(go -> fill());
          awaitTheNext(next -> context.runOnContext(go -> next.run()));
        }
        case "log" -> {
          try {
            fill();
          } catch (Throwable e) {
            LoggerFactory.getLogger("io.netty").debug("caught", new IllegalStateException(e));
          }
        }
        default -> throw new IllegalArgumentException(args[0]);
      }
      Runtime.getRuntime().halt(LIVED_ON);
    }

    /** Until what was given to the same thread before has come to its end. */
    private static void awaitTheNext(Executor thread) throws InterruptedException {
      var next = new CountDownLatch(1);
      thread.execute(next::countDown);
      next.await();
    }

    private static void fill() {
      var all = new java.util.ArrayList<byte[]>();
      while (true) {
        all.add(new byte[1 << 20]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"thread", "timer", "vertx", "log"})
  void memoryThatRunsOutEndsTheProgram(String way) throws Exception {
    assertThat(run(way)).isEqualTo(OutOfMemory.EXIT_CODE);
  }

  @Test
  void insideAProgramOfOthersNothingIsEnded() throws Exception {
    assertThat(run("guest")).isEqualTo(LIVED_ON);
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
