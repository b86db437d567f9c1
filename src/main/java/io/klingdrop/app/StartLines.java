package io.klingdrop.app;

import io.klingdrop.budget.BudgetCaps;
import io.klingdrop.job.Text;
import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.node.Membership;
import io.klingdrop.settings.ProviderSettings;
import io.klingdrop.settings.Settings;
import java.util.ArrayList;
import java.util.List;

/** What a start says before it is ready, without secrets: who, where, with what. */
public final class StartLines {

  private StartLines() {}

  /** The lines, in the order a person asks; {@code port}: whether the HTTP port is open. */
  static List<String> of(
      Settings settings, Membership node, JobQueries queries, BudgetCaps caps, boolean port) {
    var lines = new ArrayList<String>();
    lines.add("klingdrop %s on Java %s".formatted(version(), Runtime.version().feature()));
    if (node.shared()) {
      lines.add(
          "node %s at PostgreSQL %s"
              .formatted(
                  node.name(),
                  Database.plain(settings.database().url()).replaceFirst("^jdbc:postgresql:", "")));
    }
    var inbox = Text.oneLine(settings.folders().inbox().toString(), 300);
    var outbox = Text.oneLine(settings.folders().outbox().toString(), 300);
    lines.add("inbox %s, results in %s".formatted(inbox, outbox));
    lines.add("accounts: " + accounts(settings) + "; " + cap(caps));
    lines.add("ledger: " + found(queries));
    lines.add(page(settings, port));
    return lines;
  }

  /** The version, as the jar's manifest has it. */
  public static String version() {
    var version = StartLines.class.getPackage().getImplementationVersion();
    return version == null ? "(unpacked)" : version;
  }

  private static String accounts(Settings settings) {
    var usable =
        settings.providers().stream()
            .filter(ProviderSettings::usable)
            .map(ProviderSettings::name)
            .toList();
    return usable.isEmpty() ? "none has a key yet, nothing can be sent" : String.join(", ", usable);
  }

  private static String cap(BudgetCaps caps) {
    if (caps.none()) {
      return "no cap on credits a day";
    }
    var all = caps.all();
    return all == null
        ? "caps on credits a day of single profiles"
        : "at most %s credits a day".formatted(all.longValue());
  }

  private static String found(JobQueries queries) {
    var open = queries.counts().open();
    return (open == 0 ? "no jobs" : open == 1 ? "1 job" : open + " jobs") + " under way";
  }

  private static String page(Settings settings, boolean port) {
    var http = settings.http();
    return port
        ? "page http://%s:%d/ops/"
            .formatted(http.loopback() ? "localhost" : http.host(), http.port())
        : "page: off, there is no HTTP port";
  }
}
