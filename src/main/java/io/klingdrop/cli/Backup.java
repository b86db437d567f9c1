package io.klingdrop.cli;

import io.klingdrop.files.Names;
import io.klingdrop.files.Private;
import io.klingdrop.ledger.Database;
import io.klingdrop.settings.Folders;
import io.klingdrop.settings.Settings;
import io.klingdrop.submit.Restored;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
    var data = settings.folders().data();
    if (unlinked(target.toAbsolutePath().normalize()).startsWith(data)) {
      out.println(target + " lies in the data folder; nothing was copied.");
      return ExitCode.USAGE;
    }
    var ledger = Database.file(settings.database().url());
    var file = ledger.isPresent() ? LedgerFile.of(ledger.get()) : null;
    Private.folder(target);
    Restored.mark(target, Instant.now());
    // files come and go: once before the ledger for what leaves, once after it for what arrives
    var folders = settings.folders();
    copy(folders, data, file);
    var restore = file == null ? server(out) : copyLedger(settings, data, file);
    copy(folders, data, file);
    out.println("Copied to " + target.toAbsolutePath());
    out.println(
        "To put it back: stop the service, "
            + restore
            + (folders.workInData()
                ? ""
                : ", move what is in its folder %s to %s".formatted(WORK, folders.work()))
            + ", start.");
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

  /** Where a path leads that may not be there yet. */
  private static Path unlinked(Path path) throws IOException {
    var parent = path.getParent();
    return parent == null || Files.exists(path)
        ? path.toRealPath()
        : unlinked(parent).resolve(path.getFileName());
  }

  private static String server(PrintWriter out) {
    out.println("The ledger is in PostgreSQL: dump it with pg_dump now, it is not in this copy.");
    return "restore the database, make this the data folder";
  }

  /** Copies the ledger; answers what is done to put it back, with the folder. */
  private String copyLedger(Settings settings, Path data, LedgerFile ledger) throws IOException {
    var place = ledger.place();
    var inside = place.startsWith(data);
    var name = place.getFileName().toString();
    var copy =
        inside
            ? target.resolve(data.relativize(place))
            : target.resolve(Names.free(target, Names.stem(name), Names.extension(name)));
    Private.folder(copy.resolveSibling("."));
    Database.copy(settings.database().url(), copy);
    Private.take(copy);
    return "make this the data folder"
        + (inside
            ? ""
            : ", move %s from it to %s and remove %s-wal and -shm"
                .formatted(copy.getFileName(), place, place));
  }

  /** A work folder that lies elsewhere comes into the copy as well, as its folder {@code work}. */
  private void copy(Folders folders, Path data, @Nullable LedgerFile ledger) throws IOException {
    new DataCopy(data, target, path -> ownBusiness(data.relativize(path), path, ledger)).copy();
    if (!folders.workInData()) {
      new DataCopy(folders.work(), Private.folder(target.resolve(WORK)), path -> false).copy();
    }
  }

  /** The ledger's own files are copied by the ledger; locks and marks belong to one folder. */
  private static boolean ownBusiness(Path name, Path path, @Nullable LedgerFile ledger) {
    return name.getName(0).toString().endsWith(".lock")
        || Restored.isMark(name)
        || (ledger != null && ledger.holds(path));
  }
}
