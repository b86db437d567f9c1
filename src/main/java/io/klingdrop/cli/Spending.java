package io.klingdrop.cli;

import io.klingdrop.app.StartChecks;
import io.klingdrop.budget.BudgetCaps;
import io.klingdrop.budget.DailySpending;
import io.klingdrop.job.Job;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.process.StartException;
import io.klingdrop.settings.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the verbs say about the money of the day, and what they ask before it is spent. */
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
    var spent = spending.spent();
    lines.add(
        "spent or reserved today (UTC): "
            + (all == null ? DailySpending.text(spent) + " credits, no cap" : of(spent, all)));
    for (var cap : new TreeMap<>(caps.profiles()).entrySet()) {
      var used = of(spending.spent(cap.getKey()), cap.getValue());
      lines.add("  of that profile %s: %s".formatted(cap.getKey(), used));
    }
    return lines;
  }

  private static String of(double spent, double cap) {
    return "%s of %s credits".formatted(DailySpending.text(spent), DailySpending.text(cap));
  }

  /** Prints what it costs and how far the money of today reaches. */
  static void tell(List<Job> jobs, Settings settings, JobQueries queries, PrintWriter out) {
    var what =
        jobs.size() == 1
            ? "job %s (%s)".formatted(jobs.get(0).id(), jobs.get(0).path())
            : jobs.size() + " jobs";
    out.printf(
        "Submitting %s again costs %s. A task that exists already is paid for as well.%n",
        what, cost(jobs));
    var late =
        today(settings, queries)
            .beyond(
                jobs.stream().map(job -> new Cost(job.profile(), job.cost().estimate())).toList());
    if (late > 0) {
      out.printf(
          "The cap on credits a day does not reach for %d of them now; they would wait.%n", late);
    }
  }

  /** The sum of the estimates, and of how many jobs the price is not known. */
  private static String cost(List<Job> jobs) {
    var known = jobs.stream().map(job -> job.cost().estimate()).filter(Objects::nonNull).toList();
    var unknown = jobs.size() - known.size();
    if (known.isEmpty()) {
      return "an unknown number of credits";
    }
    var sum = known.stream().mapToDouble(Double::doubleValue).sum();
    return "about %s credits%s"
        .formatted(
            DailySpending.text(sum),
            unknown == 0 ? "" : ", and what " + unknown + " of unknown price will cost");
  }

  /** Asks on the terminal; only the word yes is a yes. */
  static boolean agreed(PrintWriter out) {
    out.print("Type yes to pay: ");
    out.flush();
    try {
      var answer = Here.typed();
      if (answer == null) {
        out.println();
        out.println("There is nobody to ask here; to pay without being asked, add --yes.");
      }
      return "yes".equalsIgnoreCase(answer == null ? "" : answer.strip());
    } catch (IOException e) {
      return false;
    }
  }
}
