package io.klingdrop.cli;

import io.klingdrop.app.StartChecks;
import io.klingdrop.budget.BudgetCaps;
import io.klingdrop.budget.DailySpending;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.process.StartException;
import io.klingdrop.settings.Settings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the verbs say about the money of the day. */
record Spending(BudgetCaps caps, DailySpending spending) {
  /** The money of today; with faulty profiles only the general cap is known. */
  static Spending today(Settings settings, JobQueries queries) {
    var now = Instant.now();
    var caps = caps(settings);
    return new Spending(caps, new DailySpending(caps, queries.counts().spent(now), now));
  }

  private static BudgetCaps caps(Settings settings) {
    try {
      return BudgetCaps.of(settings, StartChecks.catalogue(settings));
    } catch (StartException e) {
      return BudgetCaps.of(settings);
    }
  }

  /** One job's profile and what it is expected to cost, null if that is not known. */
  record Cost(String profile, @Nullable Double estimate) {}

  /** How many jobs the money of today does not reach for, taken in this order. */
  int beyond(List<Cost> costs) {
    var beyond = 0;
    for (var cost : costs) {
      if (spending.objection(cost.profile(), cost.estimate()).isPresent()) {
        beyond++;
      } else {
        spending.take(cost.profile(), cost.estimate());
      }
    }
    return beyond;
  }

  boolean capped() {
    return !caps.none();
  }

  /** Spent today and the cap, one line for each cap; one line if there is none. */
  List<String> lines() {
    var lines = new ArrayList<String>();
    var all = caps.all();
    lines.add(
        "spent or reserved today (UTC): %s"
            .formatted(
                all == null
                    ? DailySpending.text(spending.spent()) + " credits, no cap"
                    : of(spending.spent(), all)));
    new TreeMap<>(caps.profiles())
        .forEach(
            (profile, cap) ->
                lines.add(
                    "  of that profile %s: %s"
                        .formatted(profile, of(spending.spent(profile), cap))));
    return lines;
  }

  private static String of(double spent, double cap) {
    return "%s of %s credits".formatted(DailySpending.text(spent), DailySpending.text(cap));
  }
}
