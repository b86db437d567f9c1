package io.klingdrop.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.job.Text;
import io.klingdrop.ledger.OutcomeRows;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code outcomes}: the messages that nobody has taken yet, and a way to give them up. */
@Command(
    name = "outcomes",
    description = "Show the outcome messages that wait for a broker or a webhook; drop some.",
    mixinStandardHelpOptions = true)
final class Outcomes implements Callable<Integer> {
  private static final int SHOWN = 50;

  @Option(
      names = "--drop",
      paramLabel = "ID",
      description = "never send the message of that id, or those of that job")
  private @Nullable String drop;

  @Option(names = "--drop-all", description = "never send any of them")
  private boolean dropAll;

  @Option(names = "--json", description = "for programs: one JSON document")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    var settings = Here.settings();
    var out = spec.commandLine().getOut();
    if (!Here.hasLedger(settings)) {
      out.println(json ? "{\"messages\": []}" : "No jobs yet.");
      return ExitCode.FINE;
    }
    return Here.withDatabase(
        settings, database -> act(new OutcomeRows(database, InstantSource.system()), out));
  }

  private int act(OutcomeRows rows, PrintWriter out) {
    if (drop == null && !dropAll) {
      return json ? Json.print(document(rows), out) : print(rows, out);
    }
    var dropped = rows.drop(drop == null ? "" : drop);
    out.println(dropped + (dropped == 1 ? " message" : " messages") + " dropped.");
    return dropped == 0 && !dropAll ? ExitCode.USAGE : ExitCode.FINE;
  }

  private static ObjectNode document(OutcomeRows rows) {
    var document = JsonNodeFactory.instance.objectNode();
    var messages = document.putArray("messages");
    for (var row : rows.waiting(Integer.MAX_VALUE)) {
      messages
          .addObject()
          .put("id", row.id())
          .put("way", row.way().name().toLowerCase(Locale.ROOT))
          .put("at", row.at().toString())
          .put("type", row.type())
          .put("tries", row.tries())
          .put("error", row.error());
    }
    return document;
  }

  private static int print(OutcomeRows rows, PrintWriter out) {
    var waiting = rows.waiting(SHOWN + 1);
    if (waiting.isEmpty()) {
      out.println("No message waits.");
    }
    waiting.stream()
        .limit(SHOWN)
        .forEach(
            row ->
                out.printf(
                    "%s  %-7s  %s  %s  tried %d times  %s%n",
                    row.id(),
                    row.way().name().toLowerCase(Locale.ROOT),
                    row.at(),
                    row.type(),
                    row.tries(),
                    row.error() == null ? "" : Text.oneLine(row.error(), 160)));
    if (waiting.size() > SHOWN) {
      out.println("… and more");
    }
    return ExitCode.FINE;
  }
}
