package io.klingdrop.process;

import io.klingdrop.job.Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.camel.util.function.Suppliers;
import org.jspecify.annotations.Nullable;

/**
 * The folders whose files klingdrop obeys: routes do what a program does, settings name the address
 * a key is sent to. What others own or may write to there is not obeyed. Owners are known on POSIX
 * systems only; elsewhere nothing is said.
 */
public final class SteeringFolders {
  /** Names or numbers of further owners, with a comma between; {@code *} for all. */
  public static final String KEY = "klingdrop.trusted-owners";

  private static final String VARIABLE = "KLINGDROP_TRUSTED_OWNERS";
  private static final List<String> FOLDERS = List.of("config", "routes", "lib", "ext");
  private static final int DEEPEST = 8;
  private static final int MOST_FILES = 10_000;
  private static final int MOST_TOLD = 5;

  private static final int OTHERS_WRITE = 0002;
  private static final int GROUP_WRITES = 0020;
  private static final int STICKY = 01000;

  /** The user who runs this; it has no name in some containers. */
  private static final Supplier<Object> OUR_UID = Suppliers.memorize(SteeringFolders::ourUid);

  private final Set<String> trusted;
  private final List<String> problems = new ArrayList<>();

  private SteeringFolders(String trusted) {
    this.trusted =
        Arrays.stream(trusted.split(",", -1))
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .collect(Collectors.toSet());
  }

  /**
   * Looks at the folders of a working folder, before anything in them is read.
   *
   * @param environment usually {@code System.getenv()}; a file in there cannot vouch for itself
   * @throws StartException if there is a file that must not be obeyed
   */
  public static void require(Path workingFolder, Map<String, String> environment) {
    refuse(problems(workingFolder, environment.getOrDefault(VARIABLE, "")));
  }

  /** The same for one folder, such as that of added jars. */
  static void requireOne(Path folder, Map<String, String> environment) {
    var look = new SteeringFolders(environment.getOrDefault(VARIABLE, ""));
    look.tree(folder);
    refuse(look.problems);
  }

  private static void refuse(List<String> problems) {
    if (!problems.isEmpty()) {
      throw new StartException(String.join("\n", problems));
    }
  }

  /**
   * What is wrong, one sentence each, with what to do; empty if all is well.
   *
   * @param trusted owners that are believed besides root and the user who runs this
   */
  public static List<String> problems(Path workingFolder, String trusted) {
    var look = new SteeringFolders(trusted);
    var there =
        FOLDERS.stream()
            .map(workingFolder::resolve)
            .filter(folder -> Files.exists(folder, LinkOption.NOFOLLOW_LINKS))
            .toList();
    if (!there.isEmpty()) {
      look.writable(workingFolder);
    }
    there.forEach(look::tree);
    return look.problems;
  }

  private void tree(Path folder) {
    if (trusted.contains("*")) {
      return;
    }
    try (var walk = Files.walk(folder, DEEPEST)) {
      var count = 0;
      for (var file : (Iterable<Path>) walk::iterator) {
        if (++count > MOST_FILES) {
          say(folder, "holds more than 10,000 files: it cannot be the one that is meant");
          return;
        }
        owned(file);
        writable(file);
        if (problems.size() >= MOST_TOLD) {
          return;
        }
      }
    } catch (IOException | UncheckedIOException e) {
      say(folder, "cannot be looked through (" + e.getMessage() + ")");
    }
  }

  /** A link must be ours as well as what it leads to. */
  private void owned(Path file) {
    var owner = stranger(file, LinkOption.NOFOLLOW_LINKS);
    if (owner == null && Files.isSymbolicLink(file)) {
      owner = stranger(file);
    }
    if (owner != null) {
      say(
          file,
          "belongs to %s, and klingdrop obeys only files of root and of %s; give it another owner"
                  .formatted(owner, System.getProperty("user.name"))
              + " or name this one in the variable "
              + VARIABLE);
    }
  }

  /** The owner, if it is one that is not believed. */
  private @Nullable String stranger(Path file, LinkOption... links) {
    try {
      var view = Files.getFileAttributeView(file, PosixFileAttributeView.class, links);
      if (view == null) {
        return null;
      }
      var uid = Files.getAttribute(file, "unix:uid", links);
      var name = view.getOwner().getName();
      var named = trusted.contains(name) || trusted.contains(uid.toString());
      return named || uid.equals(0) || uid.equals(OUR_UID.get()) ? null : name;
    } catch (IOException e) {
      return "somebody unknown (" + e.getClass().getSimpleName() + ")";
    }
  }

  /**
   * A group with the owner's name is the owner's own; in a folder with the sticky bit each can
   * replace what is theirs only; and nobody writes to a disk that is mounted read-only.
   */
  private void writable(Path file) {
    try {
      var view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
      if (view == null || trusted.contains("*")) {
        return;
      }
      var attributes = view.readAttributes();
      var mode = (Integer) Files.getAttribute(file, "unix:mode");
      var ownGroup = attributes.owner().getName().equals(attributes.group().getName());
      var byOthers = (mode & OTHERS_WRITE) != 0 || ((mode & GROUP_WRITES) != 0 && !ownGroup);
      var sticky = attributes.isDirectory() && (mode & STICKY) != 0;
      if (byOthers && !sticky && !Files.getFileStore(file).isReadOnly()) {
        say(file, "can be written to by others, and klingdrop obeys it: chmod go-w " + file);
      }
    } catch (IOException e) {
      say(file, "cannot be judged (" + e.getMessage() + ")");
    }
  }

  private void say(Path file, String what) {
    if (problems.size() < MOST_TOLD) {
      problems.add(Text.oneLine(file.toString(), 200) + " " + what);
    }
  }

  private static Object ourUid() {
    try {
      var file = Files.createTempFile("klingdrop", null);
      try {
        return Files.getAttribute(file, "unix:uid");
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new StartException("no file can be made in the folder for temporary files: " + e);
    }
  }
}
