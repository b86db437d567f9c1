package io.klingdrop.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.app.StartChecks;
import io.klingdrop.intake.InboxPlan;
import io.klingdrop.intake.InboxPlan.Planned;
import io.klingdrop.job.Text;
import io.klingdrop.ledger.JobQueries;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code plan}: what would be submitted and what it would cost; sends and moves nothing. */
@Command(
    name = "plan",
    description = {
      "Show what would be submitted and the cost estimate; nothing is sent or moved.",
      "Says how far the money of the day reaches. Halves that wait for their other half are only"
          + " counted."
    },
    mixinStandardHelpOptions = true)
final class Plan implements Callable<Integer> {

  @Option(names = "--json", description = "for programs: one JSON document")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    var settings = Here.settings();
    var out = spec.commandLine().getOut();
    if (!Files.isDirectory(settings.folders().inbox())) {
      out.println("The inbox " + settings.folders().inbox() + " does not exist yet.");
      return ExitCode.FINE;
    }
    var catalogue = StartChecks.catalogue(settings);
    return Here.withDatabase(
        settings,
        database -> {
          var queries = new JobQueries(database);
          var outlook = InboxPlan.of(settings, catalogue, queries);
          return json
              ? Json.print(document(outlook), out)
              : print(outlook, Spending.today(settings, queries), out);
        });
  }

  private static ObjectNode document(InboxPlan outlook) {
    var document = JsonNodeFactory.instance.objectNode();
    var bundles = document.putArray("bundles");
    for (var plan : outlook.bundles()) {
      var bundle = bundles.addObject();
      var audio = plan.audio();
      bundle.put("name", plan.name());
      plan.files().forEach(bundle.putArray("files")::add);
      bundle.put("model", plan.model());
      bundle.put("audioMillis", audio == null ? null : audio.toMillis());
      bundle.put("estimate", plan.estimate());
      bundle.put("refusal", plan.refusal());
      plan.warnings().forEach(bundle.putArray("warnings")::add);
    }
    outlook.stays().forEach(document.putArray("stays")::add);
    return document.put("waiting", outlook.waiting().size());
  }

  private static int print(InboxPlan outlook, Spending spending, PrintWriter out) {
    outlook.bundles().forEach(plan -> print(plan, out));
    outlook.stays().forEach(one -> out.println("stays   " + one));
    total(outlook.bundles(), out);
    spending.lines().forEach(out::println);
    if (spending.capped()) {
      out.println(waiting(outlook.bundles(), spending));
    }
    var halves = outlook.waiting().size();
    if (halves > 0) {
      out.printf(
          "%d more in the inbox %s for another file: the other half of a pair, or a prompt.%n",
          halves, halves == 1 ? "waits" : "wait");
    }
    return ExitCode.FINE;
  }

  private static void print(Planned plan, PrintWriter out) {
    var refusal = plan.refusal();
    out.printf(
        "%s  %s  (%s)%n",
        refusal == null ? "send  " : "refuse",
        Text.oneLine(plan.name(), 100),
        Text.oneLine(String.join(", ", plan.files()), 160));
    if (refusal != null) {
      out.println("        " + refusal);
      return;
    }
    var audio = plan.audio();
    var cost = plan.estimate();
    out.printf(
        "        %s%s, %s%n",
        plan.model(),
        audio == null ? "" : String.format(Locale.ROOT, ", %.1f s", audio.toMillis() / 1000.0),
        cost == null ? "price not known" : String.format(Locale.ROOT, "about %.0f credits", cost));
    out.println("        " + Text.oneLine(plan.request(), 300));
    plan.warnings().forEach(warning -> out.println("        note: " + warning));
  }

  /** How far the money of today reaches, taken in the order of the list. */
  private static String waiting(List<Planned> plans, Spending spending) {
    var late =
        spending.beyond(
            plans.stream()
                .filter(plan -> plan.refusal() == null)
                .map(plan -> new Spending.Cost(profile(plan), plan.estimate()))
                .toList());
    return late == 0
        ? "The money of today reaches for all of them."
        : late + " of them would wait for money of another day, or for a cap that is raised.";
  }

  private static String profile(Planned plan) {
    return plan.name().substring(0, plan.name().indexOf('/'));
  }

  private static void total(List<Planned> plans, PrintWriter out) {
    var good = plans.stream().filter(plan -> plan.refusal() == null).toList();
    var known = good.stream().map(Planned::estimate).filter(Objects::nonNull).toList();
    var sum = known.stream().mapToDouble(Double::doubleValue).sum();
    var unknown = good.size() - known.size();
    out.printf(
        Locale.ROOT,
        "%d to send, %d to refuse; about %.0f credits%s. Nothing was sent.%n",
        good.size(),
        plans.size() - good.size(),
        sum,
        unknown == 0 ? "" : " and " + unknown + " of unknown price");
  }
}
