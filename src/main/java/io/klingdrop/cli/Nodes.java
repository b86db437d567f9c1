package io.klingdrop.cli;

import io.klingdrop.http.NodeJson;
import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.LaneOwner;
import io.klingdrop.ledger.NodeRow;
import io.klingdrop.ledger.NodeRows;
import io.klingdrop.ledger.Whereabouts;
import io.klingdrop.process.DataLock;
import io.klingdrop.settings.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code nodes}: the services at one ledger, what each has, and which account has no owner. */
@Command(
    name = "nodes",
    description = {
      "Show the nodes that share a ledger in PostgreSQL: lanes, jobs in hand, last beat, state.",
      "States are up, draining, drained, stopped (ended in order) and gone (silent for longer than"
          + " klingdrop.node.lease). The node of this folder has a star. Those of the last day are"
          + " shown."
    },
    mixinStandardHelpOptions = true)
final class Nodes implements Callable<Integer> {

  @Option(names = "--json", description = "for programs: one JSON document")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    var settings = Here.settings();
    var out = spec.commandLine().getOut();
    if (settings.database().url().startsWith("jdbc:sqlite:")) {
      return alone(settings, out);
    }
    return Here.withDatabase(settings, database -> tell(settings, database, out));
  }

  private int alone(Settings settings, PrintWriter out) {
    var runs = runs(settings);
    if (json) {
      return Json.print(NodeJson.alone().put("running", runs), out);
    }
    out.println(
        "There is one node, as the ledger is a file; it %s."
            .formatted(runs ? "runs" : "does not run"));
    return ExitCode.FINE;
  }

  private static boolean runs(Settings settings) {
    try {
      return DataLock.held(settings.folders().data());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int tell(Settings settings, Database database, PrintWriter out) {
    var nodes = new NodeRows(database, InstantSource.system()).all();
    var lanes = new Whereabouts(database, InstantSource.system()).lanes();
    var own = Here.node(settings).orElse("");
    if (json) {
      return Json.print(NodeJson.of(own, nodes, lanes), out);
    }
    if (nodes.isEmpty()) {
      out.println("No node was here within the last day.");
      return ExitCode.FINE;
    }
    var width = nodes.stream().mapToInt(node -> node.name().length()).max().orElse(4) + 2;
    var row = "%-" + width + "s  %-10s  %-8s  %9s  %5s  %s%n";
    out.printf(row, "node", "version", "state", "last beat", "jobs", "lanes");
    for (var node : nodes) {
      out.printf(
          row,
          node.name() + (node.name().equals(own) ? " *" : ""),
          node.version(),
          node.word(),
          age(node.silent()),
          node.jobs(),
          node.lanes().isEmpty() ? "-" : String.join(", ", node.lanes()));
    }
    ownerless(lanes, nodes, out);
    return ExitCode.FINE;
  }

  private static void ownerless(List<LaneOwner> lanes, List<NodeRow> nodes, PrintWriter out) {
    var up = nodes.stream().anyMatch(node -> node.word().equals("up"));
    for (var lane : lanes) {
      if (lane.node() == null) {
        out.printf(
            "lane: no node has owned %s for %s; %s%n",
            lane.provider(),
            age(lane.ownerless()),
            up ? "a node that has its key takes it" : "its jobs wait until a node is up");
      }
    }
  }

  private static String age(Duration silent) {
    return silent.toMinutes() >= 120
        ? silent.toHours() + "h"
        : silent.toSeconds() >= 120 ? silent.toMinutes() + "m" : silent.toSeconds() + "s";
  }
}
