package io.klingdrop.cli;

import io.klingdrop.budget.DailySpending;
import io.klingdrop.job.Job;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.settings.Settings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Objects;

/** Says what submitting jobs again costs, and asks. */
final class Payment {

  private Payment() {}

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
        Spending.today(settings, queries)
            .beyond(
                jobs.stream()
                    .map(job -> new Spending.Cost(job.profile(), job.cost().estimate()))
                    .toList());
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
      var answer =
          new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
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
