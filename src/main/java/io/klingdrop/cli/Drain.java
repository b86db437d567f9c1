package io.klingdrop.cli;

import io.klingdrop.job.Invocation;
import io.klingdrop.job.Suggest;
import io.klingdrop.ledger.NodeRow;
import io.klingdrop.ledger.NodeRows;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code drain}: a node gives everything away, so that it can be stopped without anybody waiting.
 */
@Command(
    name = "drain",
    description = {
      "Let a node give its lanes and jobs to the others and take nothing more; waits until it has"
          + " none.",
      "What it has in hand is finished first; its lanes go to others within seconds. It is not"
          + " ready meanwhile and goes on running. A start, or --undo, ends it. Exit 2 if there is"
          + " no such node or the ledger is a file."
    },
    mixinStandardHelpOptions = true)
final class Drain implements Callable<Integer> {
  private static final long LOOK_MILLIS = 250;

  @Parameters(
      paramLabel = "NODE",
      arity = "0..1",
      description = "its name, as klingdrop nodes shows it; without it: the node of this folder")
  private @Nullable String named;

  @Option(names = "--undo", description = "let it take its share again")
  private boolean undo;

  @Option(names = "--no-wait", description = "only ask it to, and do not wait until it is done")
  private boolean noWait;

  @Spec private CommandSpec spec = CommandSpec.create();

  private final CountDownLatch never = new CountDownLatch(1);

  @Override
  public Integer call() {
    var settings = Here.settings();
    if (settings.database().url().startsWith("jdbc:sqlite:")) {
      return refused(
          "the ledger is a file and has one node: stop the service instead; what is under way is"
              + " finished or goes on at the next start");
    }
    var name = named == null ? Here.node(settings).orElse("") : named;
    if (name.isEmpty()) {
      return refused("no node has run in this folder yet: name one, see klingdrop nodes");
    }
    return Here.withDatabase(
        settings, database -> change(new NodeRows(database, InstantSource.system()), name));
  }

  private int change(NodeRows rows, String name) {
    var node = find(rows, name);
    if (node.isEmpty()) {
      var names = rows.all().stream().map(NodeRow::name).toList();
      return refused(
          "there is no node %s%s. There are: %s"
              .formatted(name, Suggest.hint(name, names), String.join(", ", names)));
    }
    var out = spec.commandLine().getOut();
    if (undo) {
      out.println(
          rows.undrain(name)
              ? "node " + name + " takes its share again"
              : "node " + name + " was not drained");
      return ExitCode.FINE;
    }
    rows.drain(name);
    if (noWait) {
      out.println(
          Invocation.in("node %s gives everything away; see: klingdrop nodes".formatted(name)));
      return ExitCode.FINE;
    }
    return wait(rows, name, out);
  }

  private int wait(NodeRows rows, String name, PrintWriter out) {
    var told = "";
    try {
      do {
        var node = find(rows, name);
        var word = node.map(NodeRow::word).orElse(NodeRow.GONE);
        switch (word) {
          case "draining" -> {
            var waits = waits(node.orElseThrow());
            if (!waits.equals(told)) {
              out.println(waits);
              out.flush();
            }
            told = waits;
          }
          case "up" -> {
            out.println("node " + name + " takes its share again: it was asked to meanwhile");
            return ExitCode.FAILED;
          }
          default -> {
            out.println(
                word.equals("drained")
                    ? "node %s is drained: it has nothing left and can be stopped".formatted(name)
                    : "node %s has nothing: it is %s".formatted(name, word));
            return ExitCode.FINE;
          }
        }
      } while (!never.await(LOOK_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return ExitCode.FAILED;
  }

  private static String waits(NodeRow node) {
    if (!node.lanes().isEmpty()) {
      return "node %s is to give away %s".formatted(node.name(), String.join(", ", node.lanes()));
    }
    return node.jobs() == 0
        ? "node %s finishes what it has in hand".formatted(node.name())
        : "node %s finishes %d %s it has in hand"
            .formatted(node.name(), node.jobs(), node.jobs() == 1 ? "job" : "jobs");
  }

  private static Optional<NodeRow> find(NodeRows rows, String name) {
    return rows.all().stream().filter(node -> node.name().equals(name)).findFirst();
  }

  private int refused(String why) {
    spec.commandLine().getErr().println(Invocation.in(why));
    return ExitCode.USAGE;
  }
}
