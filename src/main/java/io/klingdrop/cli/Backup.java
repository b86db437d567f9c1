package io.klingdrop.cli;

import io.klingdrop.files.Private;
import io.klingdrop.ledger.Database;
import io.klingdrop.settings.Folders;
import io.klingdrop.settings.Settings;
import io.klingdrop.submit.Restored;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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
  private static final String WORK = "work";

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
    copy(settings.folders());
    var own = copyLedger(settings, out);
    copy(settings.folders());
    out.println("Copied to " + target.toAbsolutePath());
    out.printf(
        "To put it back: stop the service, %smake this the data folder, %sstart.%n",
        own ? "" : "restore the database, ",
        settings.folders().workInData()
            ? ""
            : "move what is in its folder %s to %s, ".formatted(WORK, settings.folders().work()));
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

  /** A work folder that lies elsewhere comes into the copy as well, as its folder {@code work}. */
  private void copy(Folders folders) throws IOException {
    copyTree(folders.data(), target);
    if (!folders.workInData()) {
      copyTree(folders.work(), Private.folder(target.resolve(WORK)));
    }
  }

  private static void copyTree(Path from, Path to) throws IOException {
    if (!Files.isDirectory(from)) {
      return;
    }
    try (var files = Files.walk(from)) {
      for (var file : (Iterable<Path>) files::iterator) {
        var name = from.relativize(file);
        if (!name.toString().isEmpty() && !ownBusiness(name)) {
          copy(file, to.resolve(name.toString()));
        }
      }
    } catch (java.io.UncheckedIOException e) {
      if (!(e.getCause() instanceof NoSuchFileException)) {
        throw e.getCause();
      }
      // a folder went while it was read: its job has ended
    }
  }

  private static void copy(Path file, Path copy) throws IOException {
    try {
      if (Files.isDirectory(file)) {
        Private.folder(copy);
      } else if (!Files.exists(copy)) {
        Files.copy(file, copy);
      }
    } catch (NoSuchFileException | FileAlreadyExistsException e) {
      // it went meanwhile: its job has ended
    }
  }

  /** The ledger's own files are copied by the ledger; locks and marks belong to one folder. */
  private static boolean ownBusiness(Path name) {
    var first = name.getName(0).toString();
    return first.startsWith(LEDGER) || first.endsWith(".lock") || Restored.isMark(name);
  }
}
