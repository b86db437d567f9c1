package io.klingdrop.health;

import io.klingdrop.files.Grounds;
import io.klingdrop.files.Private;
import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.FolderRows;
import io.klingdrop.settings.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the folders and refuses an inbox that would eat what klingdrop itself writes. */
public final class FolderCheck {

  private static final Logger LOG = LoggerFactory.getLogger(FolderCheck.class);

  private FolderCheck() {}

  /** Creates missing folders and compares their real paths; what is wrong, one sentence each. */
  public static List<String> prepare(Folders folders) {
    var problems = new ArrayList<String>();
    var real = new LinkedHashMap<String, Path>();
    for (var entry : byKey(folders).entrySet()) {
      try {
        if (entry.getValue().equals(folders.data())) {
          makeData(folders);
        } else {
          Files.createDirectories(entry.getValue());
        }
        real.put(entry.getKey(), entry.getValue().toRealPath());
        if (!Files.isWritable(entry.getValue())) {
          problems.add(entry.getKey() + ": " + entry.getValue() + " is not writable");
        }
      } catch (IOException e) {
        problems.add(
            "%s: %s cannot be made (%s)"
                .formatted(entry.getKey(), entry.getValue(), e.getMessage()));
      }
    }
    problems.addAll(overlaps(real));
    return problems;
  }

  /** Says the same as {@link #prepare} without making anything; what can be made is well. */
  public static List<String> look(Folders folders) {
    var problems = new ArrayList<String>();
    var real = new LinkedHashMap<String, Path>();
    byKey(folders)
        .forEach(
            (key, folder) -> {
              try {
                var there = Grounds.existing(folder);
                real.put(
                    key, there.toRealPath().resolve(there.relativize(folder.toAbsolutePath())));
                if (!Files.isDirectory(there)) {
                  problems.add("%s: %s is not a folder".formatted(key, there));
                } else if (!Files.isWritable(there)) {
                  problems.add("%s: %s is not writable".formatted(key, there));
                }
              } catch (IOException e) {
                problems.add("%s: %s cannot be read (%s)".formatted(key, folder, e.getMessage()));
              }
            });
    problems.addAll(overlaps(real));
    return problems;
  }

  private static List<String> overlaps(Map<String, Path> real) {
    var problems = new ArrayList<String>();
    real.forEach(
        (key, path) ->
            real.forEach(
                (other, otherPath) -> {
                  if (key.compareTo(other) < 0 && overlap(key, path, other, otherPath)) {
                    problems.add(
                        "%s (%s) and %s (%s) overlap: give each a folder of its own"
                            .formatted(key, path, other, otherPath));
                  }
                }));
    return problems;
  }

  /** The data folder is for this user alone; the others are as the umask says. */
  private static void makeData(Folders folders) throws IOException {
    if (Files.isDirectory(folders.data()) && Private.tighten(folders.data())) {
      LOG.info("others may no longer read the data folder {}", folders.data());
    }
    Private.folder(folders.work());
  }

  /** The trees that may lie on a share; the data folder is known by its ledger. */
  public static List<Path> trees(Folders folders) {
    return List.of(
        folders.inbox(),
        folders.outbox(),
        folders.failed(),
        folders.duplicates(),
        folders.archive());
  }

  /** Knows the folders that this ledger has used. */
  public static Grounds grounds(Database database, InstantSource clock) {
    var rows = new FolderRows(database, clock);
    return new Grounds(rows.ledger(), rows.disks(), rows::keep, Grounds::disk);
  }

  private static boolean overlap(String key, Path path, String other, Path otherPath) {
    var inbox = "klingdrop.inbox.dir";
    if (key.equals(inbox) || other.equals(inbox)) {
      return path.startsWith(otherPath) || otherPath.startsWith(path);
    }
    return path.equals(otherPath);
  }

  private static Map<String, Path> byKey(Folders folders) {
    var byKey = new LinkedHashMap<String, Path>();
    byKey.put("klingdrop.inbox.dir", folders.inbox());
    byKey.put("klingdrop.outbox.dir", folders.outbox());
    byKey.put("klingdrop.failed.dir", folders.failed());
    byKey.put("klingdrop.duplicates.dir", folders.duplicates());
    byKey.put("klingdrop.archive.dir", folders.archive());
    byKey.put("klingdrop.data.dir", folders.data());
    return byKey;
  }
}
