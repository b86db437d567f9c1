package io.klingdrop.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps account of files that were dropped, by their bytes, and finds where each is now. For one
 * thread.
 */
public final class Originals {
  private static final List<String> TREES =
      List.of("inbox", "data/work", "archive", "failed", "duplicates");

  private static final int MOST_TRIES = 10;

  private final Path folder;
  private final List<String> trees;
  private final Map<String, String> dropped = new HashMap<>();
  private final Map<String, Integer> copies = new HashMap<>();

  /** An account of nothing yet, for a working folder. */
  public Originals(Path folder) {
    this(folder, TREES);
  }

  /** An account of nothing yet, for trees that lie elsewhere. */
  Originals(Path folder, List<String> trees) {
    this.folder = folder;
    this.trees = trees;
  }

  /** Remembers a file as it is now; its bytes must be unlike those of every other. */
  public Path dropped(Path file) throws IOException {
    var before = dropped.put(Digests.sha256(file), folder.relativize(file).toString());
    assertThat(before).as("%s has the bytes of another file", file).isNull();
    return file;
  }

  /** Forgets the file that had this one's name, for somebody wrote this one over it. */
  public Path replaced(Path file) throws IOException {
    dropped.values().remove(folder.relativize(file).toString());
    return dropped(file);
  }

  /** Remembers one more file with the bytes of one that was dropped before. */
  public Path droppedAgain(Path file) throws IOException {
    var sha256 = Digests.sha256(file);
    assertThat(dropped).as("%s repeats nothing", file).containsKey(sha256);
    copies.merge(sha256, 1, Integer::sum);
    return file;
  }

  /** Remembers both halves of a pair. */
  public TestMedia.Pair dropped(TestMedia.Pair pair) throws IOException {
    dropped(pair.image());
    dropped(pair.audio());
    return pair;
  }

  /** Every file ever dropped lies, whole, in exactly one tree and there once; a copy also once. */
  public void assertEachInExactlyOnePlace() throws IOException {
    var places = places();
    dropped.forEach(
        (sha256, name) ->
            assertThat(places.getOrDefault(sha256, List.of()))
                .as("places of %s", name)
                .hasSize(1 + copies.getOrDefault(sha256, 0)));
  }

  private static boolean half(Path file) {
    return file.getFileName().toString().matches("\\.kd-[0-9a-f]+\\.part");
  }

  /** Looks again where a folder was being cleared meanwhile. */
  private Map<String, List<String>> places() throws IOException {
    for (int tries = 1; ; tries++) {
      try {
        return look();
      } catch (NoSuchFileException | UncheckedIOException e) {
        if (tries == MOST_TRIES) {
          throw e;
        }
      }
    }
  }

  private Map<String, List<String>> look() throws IOException {
    var places = new HashMap<String, List<String>>();
    for (var tree : trees) {
      var top = folder.resolve(tree);
      if (Files.isDirectory(top)) {
        try (var walk = Files.walk(top)) {
          // what is under way to its name is no place yet
          for (var file : walk.filter(Files::isRegularFile).filter(f -> !half(f)).toList()) {
            places
                .computeIfAbsent(Digests.sha256(file), any -> new ArrayList<>())
                .add(folder.relativize(file).toString());
          }
        }
      }
    }
    return places;
  }
}
