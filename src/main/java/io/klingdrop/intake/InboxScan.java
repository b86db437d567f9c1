package io.klingdrop.intake;

import io.klingdrop.files.Rights;
import io.klingdrop.job.Role;
import io.klingdrop.job.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads the whole inbox and remembers for how long each file has been unchanged, by our own
 * monotonic clock: a file's own time is only compared with itself. Links are not followed, junk is
 * not seen. Not thread-safe.
 */
final class InboxScan {

  /** All our trees need longer paths than the inbox, and Linux takes 4,095 bytes. */
  private static final int LONGEST_PATH = 3000;

  /** Each level takes two of the files a process may have open while it is read. */
  private static final int DEEPEST = 200;

  private static final int MOST_TOLD = 10_000;
  private static final int MOST_STRANGERS = 1_000;

  private final Path inbox;
  private Map<Path, Seen> seen = new HashMap<>();

  private record Seen(long bytes, long modified, long sinceNanos) {}

  /** A folder's candidates, its own defaults file, if it has one, and what lies beside them. */
  record Folder(Path path, List<Dropped> files, List<Dropped> defaults, Beside beside) {}

  /**
   * The inbox at one moment.
   *
   * @param folders by path; those without a file that means something are left out
   * @param closed folders that could not be read, and why
   * @param leftAlone files that are never taken although they look as if, and why
   */
  record Reading(
      Map<Path, Folder> folders, Map<Path, String> closed, Map<Path, String> leftAlone) {}

  InboxScan(Path inbox) {
    this.inbox = inbox;
  }

  /**
   * One reading of every file.
   *
   * @param nowNanos {@code System.nanoTime()} when the scan began
   * @throws IOException if the inbox itself cannot be read
   */
  Reading read(long nowNanos) throws IOException {
    var walk = new Walk(nowNanos);
    FolderWalk.walk(inbox, walk, folder -> {});
    seen = walk.now;
    walk.content.values().forEach(folder -> walk.leaveNotes(folder.files()));
    return new Reading(walk.content, walk.closed, walk.leftAlone);
  }

  /** One walk, which fills what is seen now. */
  private final class Walk implements FolderWalk.Visitor {
    private final long nowNanos;
    private final Map<Path, Seen> now = new HashMap<>();
    private final Map<Path, Folder> content = new TreeMap<>();
    private final Map<Path, String> closed = new TreeMap<>();
    private final Map<Path, String> leftAlone = new TreeMap<>();

    Walk(long nowNanos) {
      this.nowNanos = nowNanos;
    }

    @Override
    public boolean enter(Path folder) {
      var name = name(folder);
      if (Bins.plain(name)) {
        leave(folder, "is a bin by its name: nothing in it is ever taken");
      }
      if (InboxRules.junk(name)) {
        return (PartialNames.folder(name) || PartialNames.becomes(name).isPresent())
            && !underWay(above(folder));
      }
      if (inbox.relativize(folder).getNameCount() > DEEPEST) {
        leave(folder, "lies too deep to be read: under more than 200 folders");
        return false;
      }
      return canBeTaken(folder);
    }

    @Override
    public void file(Path file, BasicFileAttributes attributes) {
      var name = name(file);
      var folder = above(file);
      var becomes = underWay(folder) ? becoming(folder, name) : PartialNames.becomes(name);
      if (becomes.isPresent()) {
        if (attributes.isRegularFile()) {
          var home = underWay(folder) ? above(folder) : folder;
          content(home)
              .beside()
              .growing()
              .add(new Beside.Growing(name, becomes.get(), unchanged(reading(file, attributes))));
        }
      } else if (!InboxRules.junk(name)) {
        visible(file, name, attributes);
      }
    }

    private void visible(Path file, String name, BasicFileAttributes attributes) {
      var role = InboxRules.role(name);
      var defaults = InboxRules.defaults(name);
      if (attributes.isSymbolicLink()) {
        leave(file, "is a link: klingdrop takes files only, put a copy there");
      } else if (!attributes.isRegularFile()) {
        return;
      } else if (role.isEmpty() && !defaults) {
        var strangers = content(above(file)).beside().strangers();
        if (strangers.size() < MOST_STRANGERS) {
          strangers.add(name);
        }
      } else if (Foreign.conflictCopy(name)) {
        leave(file, "is a copy that a sync program made of two versions: keep one, rename it");
      } else if (canBeTaken(file)) {
        var reading = reading(file, attributes);
        var dropped =
            new Dropped(
                file,
                role.orElse(Role.SIDECAR),
                reading.bytes(),
                reading.modified(),
                unchanged(reading));
        var files = content(above(file));
        (defaults ? files.defaults() : files.files()).add(dropped);
      }
    }

    @Override
    public void closed(Path folder, IOException cause) {
      if (!InboxRules.junk(name(folder))) {
        closed.put(folder, "cannot be read: " + Rights.why(folder, cause));
      }
    }

    /** Whether what lies in the folder is still on its way to where the folder lies. */
    private boolean underWay(Path folder) {
      var name = name(folder);
      return !folder.equals(inbox)
          && (PartialNames.folder(name) || PartialNames.becomes(name).isPresent());
    }

    private Optional<String> becoming(Path folder, String name) {
      return PartialNames.folder(name(folder))
          ? Optional.of(name)
          : PartialNames.becomes(name(folder));
    }

    /** Whether the file can be named again; one that cannot stays where it is. */
    private boolean canBeTaken(Path file) {
      var text = file.toString();
      if (!hasRoom(file)) {
        leave(file, "lies too deep to be taken: its path has more than 3,000 bytes");
        return false;
      }
      try {
        if (Path.of(text).equals(file)) {
          return true;
        }
      } catch (InvalidPathException e) {
        // not a path in this locale: told below
      }
      leave(
          file,
          "has a name that is not in the system's encoding (%s): rename it, or start klingdrop in a"
                  .formatted(System.getProperty("sun.jnu.encoding"))
              + " UTF-8 locale");
      return false;
    }

    private void leave(Path file, String why) {
      if (leftAlone.size() < MOST_TOLD) {
        leftAlone.put(file, why);
      }
    }

    private Folder content(Path folder) {
      return content.computeIfAbsent(
          folder,
          path ->
              new Folder(
                  path,
                  new ArrayList<>(),
                  new ArrayList<>(),
                  new Beside(new ArrayList<>(), new ArrayList<>())));
    }

    private Seen reading(Path file, BasicFileAttributes attributes) {
      var bytes = attributes.size();
      var modified = attributes.lastModifiedTime().toMillis();
      var before = seen.get(file);
      var reading =
          before != null && before.bytes() == bytes && before.modified() == modified
              ? before
              : new Seen(bytes, modified, nowNanos);
      now.put(file, reading);
      return reading;
    }

    private Duration unchanged(Seen reading) {
      return Duration.ofNanos(nowNanos - reading.sinceNanos());
    }

    /** Others' notes stay out of it, unless a picture or recording here is called the same. */
    private void leaveNotes(List<Dropped> files) {
      var media = new HashSet<String>();
      for (var file : files) {
        if (file.role() != Role.SIDECAR) {
          media.add(file.stem());
          media.add(file.stem().replaceFirst("__(?!.*__).*$", ""));
        }
      }
      files.removeIf(
          file -> {
            var foreign = Foreign.note(file.name()) && !media.contains(file.stem());
            if (foreign) {
              leave(file.path(), "is a note of another program: klingdrop leaves it alone");
            }
            return foreign;
          });
    }
  }

  /** Whether a file of that name may be one of a bundle, or of the parameters of a folder. */
  static boolean means(String name) {
    return !InboxRules.junk(name)
        && !Foreign.conflictCopy(name)
        && (InboxRules.role(name).isPresent() || InboxRules.defaults(name));
  }

  /** Whether the scan comes down to a file and all our trees have room for its path. */
  static boolean reaches(Path inbox, Path file) {
    return inbox.relativize(file).getNameCount() <= DEEPEST + 1 && hasRoom(file);
  }

  private static boolean hasRoom(Path file) {
    return file.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST_PATH;
  }

  /** The folder something lies in; whatever lies in the inbox lies in one. */
  static Path above(Path path) {
    var folder = path.getParent();
    return folder == null ? path : folder;
  }

  static String name(Path path) {
    var name = path.getFileName();
    return name == null ? "" : name.toString();
  }

  /** A path in a message. */
  static String said(Path path) {
    return Text.oneLine(path.toString(), 200);
  }
}
