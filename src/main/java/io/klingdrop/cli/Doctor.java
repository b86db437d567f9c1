package io.klingdrop.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.app.DoctorChecks;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code doctor}: looks at everything a run needs, spends nothing. */
@Command(
    name = "doctor",
    description = {
      "Check folders, disk, profiles, routes, database, clock, bucket and key; spends nothing.",
      "Looks at settings and port, too, and makes no folder. No usable account, less room than"
          + " klingdrop.submit.min-free and a broken route are faults."
    },
    mixinStandardHelpOptions = true)
final class Doctor implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--json", description = "one JSON document instead of lines")
  private boolean json;

  @Override
  public Integer call() {
    var settings = Here.settings();
    var out = spec.commandLine().getOut();
    var findings = new DoctorChecks(settings).run();
    if (json) {
      Json.print(document(findings), out);
    } else {
      findings.forEach(one -> out.printf("%-5s  %-9s  %s%n", one.mark(), one.what(), one.said()));
    }
    return findings.stream().anyMatch(finding -> finding.mark().equals("FAULT"))
        ? ExitCode.USAGE
        : ExitCode.FINE;
  }

  static ObjectNode document(List<DoctorChecks.Finding> findings) {
    var mapper = new ObjectMapper();
    return mapper.createObjectNode().set("findings", mapper.valueToTree(findings));
  }
}
