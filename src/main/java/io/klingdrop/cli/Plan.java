package io.klingdrop.cli;

import io.klingdrop.control.Klingdrop;
import io.klingdrop.intake.IntakeRoom;
import io.klingdrop.intake.IntakeRoom.Planned;
import io.klingdrop.job.Text;
import io.klingdrop.ledger.Books;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code plan}: what would be submitted and what it would cost; sends and moves nothing. */
@Command(
    name = "plan",
    description = "Show what would be submitted and the cost estimate; nothing is sent or moved.",
    mixinStandardHelpOptions = true)
final class Plan implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    var settings = Here.settings();
    var out = spec.commandLine().getOut();
    if (!Files.isDirectory(settings.folders().inbox())) {
      out.println("The inbox " + settings.folders().inbox() + " does not exist yet.");
      return Cli.FINE;
    }
    var catalogue = Klingdrop.catalogue(settings);
    var outlook =
        Here.withDatabase(
            settings, database -> IntakeRoom.plan(settings, catalogue, new Books(database)));
    outlook.bundles().forEach(plan -> print(plan, out));
    total(outlook.bundles(), out);
    if (outlook.waiting() > 0) {
      out.printf(
          "%d more in the inbox %s for another file: the other half of a pair, or a prompt.%n",
          outlook.waiting(), outlook.waiting() == 1 ? "waits" : "wait");
    }
    return Cli.FINE;
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
    out.printf(
        "        %s%s, %s%n",
        plan.model(),
        audio == null ? "" : String.format(Locale.ROOT, ", %.1f s", audio.toMillis() / 1000.0),
        credits(plan.estimate()));
    out.println("        " + Text.oneLine(plan.request(), 300));
    plan.warnings().forEach(warning -> out.println("        note: " + warning));
  }

  private static String credits(@org.jspecify.annotations.Nullable Double estimate) {
    return estimate == null
        ? "price not known"
        : String.format(Locale.ROOT, "about %.0f credits", estimate);
  }

  private static void total(List<Planned> plans, PrintWriter out) {
    var good = plans.stream().filter(plan -> plan.refusal() == null).toList();
    var sum =
        good.stream()
            .map(Planned::estimate)
            .filter(java.util.Objects::nonNull)
            .mapToDouble(Double::doubleValue)
            .sum();
    var unknown = good.stream().filter(plan -> plan.estimate() == null).count();
    out.printf(
        Locale.ROOT,
        "%d to send, %d to refuse; about %.0f credits%s. Nothing was sent.%n",
        good.size(),
        plans.size() - good.size(),
        sum,
        unknown == 0 ? "" : " and " + unknown + " of unknown price");
  }
}
