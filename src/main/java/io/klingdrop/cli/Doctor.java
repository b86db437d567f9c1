package io.klingdrop.cli;

import io.klingdrop.control.Checkup;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code doctor}: looks at everything a run needs, spends nothing. */
@Command(
    name = "doctor",
    description = "Check folders, disk, database, clock, bucket and key; spends nothing.",
    mixinStandardHelpOptions = true)
final class Doctor implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    var settings = Here.settings();
    var out = spec.commandLine().getOut();
    var findings = new Checkup(settings).run();
    findings.forEach(
        finding -> out.printf("%-5s  %-9s  %s%n", finding.mark(), finding.what(), finding.said()));
    return findings.stream().anyMatch(finding -> finding.mark().equals("FAULT"))
        ? Cli.USAGE
        : Cli.FINE;
  }
}
