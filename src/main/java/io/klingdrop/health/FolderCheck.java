package io.klingdrop.health;

import io.klingdrop.files.Grounds;
import io.klingdrop.files.Private;
import io.klingdrop.files.Sharing;
import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.FolderRows;
import io.klingdrop.ledger.NodeFolders;
import io.klingdrop.settings.Folders;
import io.klingdrop.settings.Settings;
import io.klingdrop.time.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the folders and refuses an inbox that would eat what klingdrop itself writes. */
public final class FolderCheck {

  private static final Logger LOG = LoggerFactory.getLogger(FolderCheck.class);

  private static final String WORK = "klingdrop.work.dir";

  /** How long a mark may take until it is seen, and between two looks for it. */
  private static final Duration SEEN = Duration.ofSeconds(5);

  private static final Duration LOOK = Duration.ofMillis(500);

  /** How long a node that starts at the same time may take to mark its folders. */
  private static final Duration MARKING = Duration.ofSeconds(90);

  private FolderCheck() {}

  /** Creates missing folders and compares their real paths; what is wrong, one sentence each. */
  public static List<String> prepare(Folders folders) {
    var problems = new ArrayList<String>();
    var real = new LinkedHashMap<String, Path>();
    for (var entry : byKey(folders).entrySet()) {
      try {
        if (entry.getValue().equals(folders.data())) {
          makePrivate("data", folders.data(), true);
        } else if (entry.getKey().equals(WORK)) {
          makePrivate("work", folders.work(), false);
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

  /**
   * Data and work are for this user alone; the others are as the umask says.
   *
   * @param inside whether what lies in it is made private too, of which others may have kept a name
   */
  private static void makePrivate(String what, Path folder, boolean inside) throws IOException {
    if (Files.isDirectory(folder) && (inside ? Private.tighten(folder) : Private.take(folder))) {
      LOG.info("others may no longer read the {} folder {}", what, folder);
    }
    Private.folder(folder);
  }

  /**
   * The trees that may lie on a share; the data folder is known by its ledger, and so is a work
   * folder in it that no other node may have.
   */
  public static List<Path> trees(Settings settings) {
    var folders = settings.folders();
    var trees =
        new ArrayList<>(
            List.of(
                folders.inbox(),
                folders.outbox(),
                folders.failed(),
                folders.duplicates(),
                folders.archive()));
    if (settings.database().shared() || !folders.workInData()) {
      trees.add(folders.work());
    }
    return List.copyOf(trees);
  }

  /** Knows the folders that this ledger has used, or this node where there may be several. */
  public static Grounds grounds(
      Database database, Settings settings, String node, InstantSource clock) {
    var rows = new FolderRows(database, clock);
    if (!settings.database().shared()) {
      return new Grounds(rows.ledger(), rows.disks(), rows::keep, Grounds::disk);
    }
    var kinds = new HashMap<Path, String>();
    var folders = byKey(settings.folders());
    // its own at every node
    folders.remove("klingdrop.data.dir");
    folders.forEach(
        (key, path) -> kinds.put(path, key.replaceFirst("^klingdrop\\.(.*)\\.dir$", "$1")));
    var own = new NodeFolders(database, node, kinds, clock);
    own.elsewhere().forEach(LOG::warn);
    return new Grounds(rows.ledger(), own.disks(), own::keep, Grounds::disk, Sharing.as(node), own);
  }

  /**
   * Takes the folders into use, as at every start. Where nodes start together, the first to use a
   * folder may be just about to mark it: the others wait a moment for that.
   *
   * @return what is wrong, one sentence each
   */
  public static List<String> arrive(Grounds grounds, List<Path> folders, Time time) {
    var faults = grounds.arrive(folders);
    var began = time.nanos();
    while (!faults.isEmpty()
        && grounds.sharing().withOthers()
        && time.nanos() - began < (grounds.othersMark() ? MARKING : SEEN).toNanos()) {
      try {
        time.pause(LOOK);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return faults;
      }
      faults = grounds.arrive(folders);
    }
    return faults;
  }

  /** In the work folder nothing else may lie: what no job owns there is cleared away. */
  private static boolean overlap(String key, Path path, String other, Path otherPath) {
    var inbox = "klingdrop.inbox.dir";
    if (key.equals(inbox) || other.equals(inbox)) {
      return path.startsWith(otherPath) || otherPath.startsWith(path);
    }
    return path.equals(otherPath)
        || (key.equals(WORK) && otherPath.startsWith(path))
        || (other.equals(WORK) && path.startsWith(otherPath));
  }

  private static Map<String, Path> byKey(Folders folders) {
    var byKey = new LinkedHashMap<String, Path>();
    byKey.put("klingdrop.inbox.dir", folders.inbox());
    byKey.put("klingdrop.outbox.dir", folders.outbox());
    byKey.put("klingdrop.failed.dir", folders.failed());
    byKey.put("klingdrop.duplicates.dir", folders.duplicates());
    byKey.put("klingdrop.archive.dir", folders.archive());
    byKey.put("klingdrop.data.dir", folders.data());
    byKey.put(WORK, folders.work());
    return byKey;
  }
}
