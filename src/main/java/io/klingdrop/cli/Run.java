package io.klingdrop.cli;

import io.klingdrop.app.Klingdrop;
import io.klingdrop.process.HeadStart;
import io.klingdrop.process.HeapTrimmer;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code run}: serve until stopped. */
@Command(
    name = "run",
    description = {
      "Serve until stopped (the default).",
      "One service runs on one data folder; a second one says so and ends with 2. A stop (Ctrl-C,"
          + " SIGTERM) takes no more files and lets a createTask that is under way finish."
    },
    mixinStandardHelpOptions = true)
final class Run implements Callable<Integer> {

  @Option(
      names = "--exit-when-idle",
      description =
          "stop when nothing is left to do; exit 1 if a job of this run failed or files could not"
              + " be taken")
  private boolean exitWhenIdle;

  /** Longer than any call that is worth waiting for. */
  private static final Duration STOP = Duration.ofSeconds(20);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    return serve(exitWhenIdle, spec.commandLine().getOut());
  }

  private static void tell(String what, PrintWriter out) {
    if (Here.jsonLog()) {
      LoggerFactory.getLogger(Run.class).info(what);
    } else {
      out.println(what);
    }
  }

  /**
   * An orderly stop may wait for the database, which is away. What was paid for is noted beside the
   * ledger, so that an end at any moment loses nothing.
   */
  private static void endSoon() {
    var end =
        new Thread(
            () -> {
              LockSupport.parkNanos(STOP.toNanos());
              LoggerFactory.getLogger(Run.class)
                  .error("the stop waits for the database and is cut off; nothing paid is lost");
              Runtime.getRuntime().halt(ExitCode.LOST);
            },
            "end");
    end.setDaemon(true);
    end.start();
  }

  static int serve(boolean exitWhenIdle, PrintWriter out) throws Exception {
    var settings = Here.settings();
    HeadStart.begin(settings);
    HeapTrimmer.begin();
    var stop = OrderlyStop.awaited();
    try (var klingdrop = new Klingdrop(settings)) {
      klingdrop.onLost(Run::endSoon);
      var failed = klingdrop.run(exitWhenIdle);
      if (klingdrop.hasLostItsPlace()) {
        return ExitCode.LOST;
      }
      var left = exitWhenIdle ? klingdrop.hindrances() : List.<String>of();
      left.forEach(one -> tell("left in the inbox: " + one, out));
      if (exitWhenIdle && failed > 0) {
        var jobs = failed == 1 ? "1 job" : failed + " jobs";
        tell(jobs + " failed; see " + settings.folders().failed(), out);
        return ExitCode.FAILED;
      }
      return left.isEmpty() ? ExitCode.FINE : ExitCode.FAILED;
    } finally {
      stop.close();
    }
  }
}
