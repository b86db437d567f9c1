package io.klingdrop.cli;

import io.klingdrop.ledger.Database;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code migrate}: the tables as this version needs them, whatever the settings say. */
@Command(
    name = "migrate",
    description = {
      "Bring the ledger's tables up to date; services may be running.",
      "The database's user must be allowed to change them."
    },
    mixinStandardHelpOptions = true)
final class Migrate implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    var db = Here.settings().database();
    var done = Database.migrate(db.url(), db.user(), db.password());
    var out = spec.commandLine().getOut();
    var ledger = Database.plain(db.url());
    if (done.from() == done.to()) {
      out.printf("The tables of %s are up to date: version %d.%n", ledger, done.to());
    } else {
      out.printf(
          "The tables of %s were brought from version %d to version %d.%n",
          ledger, done.from(), done.to());
    }
    return ExitCode.FINE;
  }
}
