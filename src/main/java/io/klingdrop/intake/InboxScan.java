package io.klingdrop.intake;

import io.klingdrop.job.Role;
import io.klingdrop.job.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the whole inbox and remembers for how long each file has been unchanged, by our own
 * monotonic clock: a file's own time is only compared with itself. Links are not followed, junk is
 * not seen. Not thread-safe.
 */
final class InboxScan {
  private static final Logger LOG = LoggerFactory.getLogger(InboxScan.class);

  /** All our trees need longer paths than the inbox, and Linux takes 4,095 bytes. */
  private static final int LONGEST_PATH = 3000;

  private static final int MOST_TOLD = 10_000;

  private final Path inbox;
  private Map<Path, Seen> seen = new HashMap<>();
  private final Set<Path> told = new HashSet<>();

  private record Seen(long bytes, long modified, long sinceNanos) {}

  /** A folder's candidates and its own defaults file, if it has one. */
  record Folder(Path path, List<Dropped> files, List<Dropped> defaults) {}

  InboxScan(Path inbox) {
    this.inbox = inbox;
  }

  /**
   * One reading of every file.
   *
   * @param nowNanos {@code System.nanoTime()} when the scan began
   * @throws IOException if the inbox itself cannot be read
   */
  Map<Path, Folder> read(long nowNanos) throws IOException {
    var now = new HashMap<Path, Seen>();
    var folders = new TreeMap<Path, Folder>();
    Files.walkFileTree(
        inbox,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            if (!folder.equals(inbox) && InboxRules.junk(folder.getFileName().toString())) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            var name = file.getFileName().toString();
            var role = InboxRules.role(name);
            var defaults = InboxRules.defaults(name);
            var wanted = !InboxRules.junk(name) && (defaults || role.isPresent());
            if (attributes.isRegularFile() && wanted && canBeTaken(file)) {
              var reading = reading(file, attributes, nowNanos);
              now.put(file, reading);
              var dropped =
                  new Dropped(
                      file,
                      role.orElse(Role.SIDECAR),
                      reading.bytes(),
                      reading.modified(),
                      Duration.ofNanos(nowNanos - reading.sinceNanos()));
              var folder =
                  folders.computeIfAbsent(
                      file.getParent(),
                      path -> new Folder(path, new ArrayList<>(), new ArrayList<>()));
              (defaults ? folder.defaults() : folder.files()).add(dropped);
            }
            if (attributes.isSymbolicLink() && !InboxRules.junk(name)) {
              tell(file, "is a link: klingdrop takes files only, put a copy there");
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (file.equals(inbox)) {
              throw e;
            }
            LOG.debug("not readable in the inbox, passed over: {}", e.getMessage());
            return FileVisitResult.CONTINUE;
          }
        });
    seen = now;
    return folders;
  }

  /** Whether the file can be named again; one that cannot stays where it is, and is told once. */
  private boolean canBeTaken(Path file) {
    var text = file.toString();
    if (text.getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH) {
      tell(file, "lies too deep to be taken: its path has more than 3,000 bytes");
      return false;
    }
    try {
      if (Path.of(text).equals(file)) {
        return true;
      }
    } catch (InvalidPathException e) {
      LOG.debug("not a path in this locale: {}", e.getMessage());
    }
    tell(
        file,
        "has a name that is not in the system's encoding (%s): rename it, or start klingdrop in a"
                .formatted(System.getProperty("sun.jnu.encoding"))
            + " UTF-8 locale");
    return false;
  }

  private void tell(Path file, String what) {
    if (told.size() < MOST_TOLD && told.add(file)) {
      LOG.warn("{} {}", Text.oneLine(file.toString(), 200), what);
    }
  }

  private Seen reading(Path file, BasicFileAttributes attributes, long nowNanos) {
    var bytes = attributes.size();
    var modified = attributes.lastModifiedTime().toMillis();
    var before = seen.get(file);
    return before != null && before.bytes() == bytes && before.modified() == modified
        ? before
        : new Seen(bytes, modified, nowNanos);
  }
}
