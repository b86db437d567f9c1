package io.klingdrop.cli;

import io.klingdrop.files.Private;
import io.klingdrop.ledger.Database;
import io.klingdrop.settings.Settings;
import io.klingdrop.submit.Restored;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code backup}: a copy of the data folder that may be taken while the service runs. */
@Command(
    name = "backup",
    description = "Copy the ledger and the files of jobs under way; the service may be running.",
    mixinStandardHelpOptions = true)
final class Backup implements Callable<Integer> {
  private static final String LEDGER = "klingdrop.db";

  @Parameters(paramLabel = "DIR", description = "a folder that does not exist yet, or is empty")
  private Path target = Path.of("");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    var settings = Here.settings();
    var out = spec.commandLine().getOut();
    if (!Here.hasLedger(settings)) {
      out.println("No jobs yet, nothing to copy.");
      return ExitCode.USAGE;
    }
    if (!empty(target)) {
      out.println(target + " is not an empty folder; nothing was copied.");
      return ExitCode.USAGE;
    }
    Private.folder(target);
    Restored.mark(target, Instant.now());
    // files come and go: once before the ledger for what leaves, once after it for what arrives
    var data = settings.folders().data();
    var files = new DataCopy(data, target, file -> ownBusiness(data.relativize(file)));
    files.copy();
    var own = copyLedger(settings, out);
    files.copy();
    out.println("Copied to " + target.toAbsolutePath());
    out.printf(
        "To put it back: stop the service, %smake this the data folder, start.%n",
        own ? "" : "restore the database, ");
    return ExitCode.FINE;
  }

  private static boolean empty(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return !Files.exists(folder);
    }
    try (var files = Files.list(folder)) {
      return files.findAny().isEmpty();
    }
  }

  private boolean copyLedger(Settings settings, PrintWriter out) throws IOException {
    var copy = target.resolve(LEDGER);
    if (Database.copy(settings.database().url(), copy)) {
      Private.take(copy);
      return true;
    }
    out.println("The ledger is in PostgreSQL: dump it with pg_dump now, it is not in this copy.");
    return false;
  }

  /** The ledger's own files are copied by the ledger; locks and marks belong to one folder. */
  private static boolean ownBusiness(Path name) {
    var first = name.getName(0).toString();
    return first.startsWith(LEDGER) || first.endsWith(".lock") || Restored.isMark(name);
  }
}
