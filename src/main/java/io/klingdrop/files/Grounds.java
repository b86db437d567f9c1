package io.klingdrop.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether folders are still the ones that were used before: a share that is not mounted leaves an
 * empty folder of the same name, and what is put there is lost from sight. Each folder bears a
 * hidden file with the ids of the ledgers that use it, one a line. A folder that lost it and still
 * lies on the disk it lay on was cleaned by a person, and gets it again; on another disk it is
 * taken for somebody else's until a person says otherwise with an empty file of that name. A folder
 * that other nodes use and this one never did must bear the ledger's id already. Thread-safe.
 */
public final class Grounds {
  /** The hidden file. */
  public static final String MARK = ".klingdrop";

  private static final Logger LOG = LoggerFactory.getLogger(Grounds.class);
  private static final int LONGEST_MARK = 1 << 14;

  private final String ledger;
  private final Map<Path, String> disks = new ConcurrentHashMap<>();
  private final BiConsumer<Path, String> memory;
  private final Disks asked;
  private final Sharing sharing;
  private final Others others;

  /** Says on which disk or share a folder lies, in words that stay the same after a restart. */
  @FunctionalInterface
  public interface Disks {
    /** The disk of a folder that exists. */
    String of(Path folder) throws IOException;
  }

  /** What is known of the other nodes at this ledger. */
  public interface Others {
    /** This node is about to use the folder; who says so first for a kind of folder may mark it. */
    void begin(Path folder);

    /** Whether another node was the first to use such a folder. */
    boolean use(Path folder);

    /** Whether another node that was the first to use a folder has yet to mark it. */
    default boolean marking() {
      return false;
    }
  }

  private static final Others NOBODY =
      new Others() {
        @Override
        public void begin(Path folder) {}

        @Override
        public boolean use(Path folder) {
          return false;
        }
      };

  /** For the id of a ledger, the folders it has used with their disks, and what keeps a disk. */
  public Grounds(
      String ledger, Map<Path, String> known, BiConsumer<Path, String> memory, Disks asked) {
    this(ledger, known, memory, asked, Sharing.alone(), NOBODY);
  }

  /** The same for a node, with the folders it has used itself, and what is known of the others. */
  public Grounds(
      String ledger,
      Map<Path, String> known,
      BiConsumer<Path, String> memory,
      Disks asked,
      Sharing sharing,
      Others others) {
    this.ledger = ledger;
    this.disks.putAll(known);
    this.memory = memory;
    this.asked = asked;
    this.sharing = sharing;
    this.others = others;
  }

  /** How to behave in these folders. */
  public Sharing sharing() {
    return sharing;
  }

  /** The disk or share by the system's own name and its kind: {@code //nas/studio (cifs)}. */
  public static String disk(Path folder) throws IOException {
    var store = Files.getFileStore(folder);
    return store.name() + " (" + store.type() + ")";
  }

  /**
   * Takes folders into use, as at every start: each that is not at fault gets its mark.
   *
   * @return what is wrong with the others, one sentence each
   */
  public List<String> arrive(List<Path> folders) {
    var faults = new ArrayList<String>();
    for (var folder : folders) {
      others.begin(folder);
      var fault = fault(folder);
      fault.ifPresent(faults::add);
      if (fault.isEmpty()) {
        try {
          mark(folder);
        } catch (IOException e) {
          faults.add("the folder %s cannot be marked as klingdrop's: %s".formatted(folder, e));
        }
      }
    }
    return faults;
  }

  /** Whether another node is just marking folders, so that a mark that lacks may still come. */
  public boolean othersMark() {
    return others.marking();
  }

  /**
   * What is wrong with a folder, empty if it is the one that was used before. One that a person
   * removed or cleaned is made whole again.
   */
  public Optional<String> fault(Path folder) {
    var known = disks.get(folder);
    if (known == null) {
      return strange(folder);
    }
    try {
      if (bears(folder)) {
        return Optional.empty();
      }
      if (Files.exists(folder) && !Files.isDirectory(folder)) {
        return Optional.of(
            "the folder %s is gone: a file lies in its place. Move the file away; the folder is made"
                    .formatted(folder)
                + " anew by itself");
      }
      var now = asked.of(existing(folder));
      if (now.equals(known)) {
        Files.createDirectories(folder);
        mark(folder);
        LOG.info("{} was cleaned or made anew on the same disk; it is used as before", folder);
        return Optional.empty();
      }
      return Optional.of(
          (Files.isDirectory(folder)
                      ? "the folder %s is not the one that was used before: that lay on %s, this"
                          + " lies on %s and"
                      : "the folder %s is gone: it lay on %s, its place lies on %s and")
                  .formatted(folder, known, now)
              + " has no file %s of this ledger. Is the share mounted? Nothing is put there or"
                  .formatted(MARK)
              + " taken from there until it is back. If it is the right folder all the same, create"
              + " an empty file named %s in it".formatted(MARK));
    } catch (IOException e) {
      return Optional.of("the folder %s cannot be looked at: %s".formatted(folder, e));
    }
  }

  /** What is wrong with a folder this node never used: nothing, unless another node uses it. */
  private Optional<String> strange(Path folder) {
    try {
      if (!others.use(folder) || bears(folder)) {
        return Optional.empty();
      }
      return Optional.of(
          "the folder %s has no file %s of this ledger, although another node uses such a folder:"
                  .formatted(folder, MARK)
              + " all nodes have the same. Is the share mounted? Nothing is put there or taken from"
              + " there. If it is the right folder all the same, create an empty file named %s in it"
                  .formatted(MARK));
    } catch (IOException e) {
      return Optional.of("the folder %s cannot be looked at: %s".formatted(folder, e));
    }
  }

  /**
   * Goes on only if the folder is the one that was used before.
   *
   * @throws IOException otherwise, with what to do
   */
  public void require(Path folder) throws IOException {
    var fault = fault(folder);
    if (fault.isPresent()) {
      throw new IOException(fault.get());
    }
  }

  /** The folder, or the nearest one above it that is there. */
  public static Path existing(Path folder) {
    var path = folder.toAbsolutePath();
    while (!Files.exists(path) && path.getParent() != null) {
      path = path.getParent();
    }
    return path;
  }

  /** An empty mark is a person's word that this is the folder. */
  private boolean bears(Path folder) throws IOException {
    var mark = read(folder);
    if (mark != null && mark.isBlank()) {
      mark(folder);
      LOG.info("{} is used from now on, as the empty {} in it says", folder, MARK);
      return true;
    }
    return mark != null && mark.lines().anyMatch(ledger::equals);
  }

  private static @Nullable String read(Path folder) throws IOException {
    var mark = folder.resolve(MARK);
    try {
      return Files.isRegularFile(mark, LinkOption.NOFOLLOW_LINKS)
              && Files.size(mark) <= LONGEST_MARK
          ? Files.readString(mark)
          : null;
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private void mark(Path folder) throws IOException {
    var mark = read(folder);
    if (mark == null || mark.lines().noneMatch(ledger::equals)) {
      AtomicFiles.write(
          folder.resolve(MARK),
          (mark == null ? "" : mark.strip() + "\n").stripLeading() + ledger + "\n");
    }
    var disk = asked.of(folder);
    if (!disk.equals(disks.put(folder, disk))) {
      memory.accept(folder, disk);
    }
  }
}
