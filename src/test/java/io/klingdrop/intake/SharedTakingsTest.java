package io.klingdrop.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.files.Sharing;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.NewJobs;
import io.klingdrop.settings.Folders;
import io.klingdrop.settings.Settings;
import io.klingdrop.testing.Originals;
import io.klingdrop.testing.SettableTime;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.camel.component.file.GenericFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Nodes that take bundles from one inbox; one of them is halted and wakes up later. */
class SharedTakingsTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  @TempDir private Path folder;
  private Folders folders;
  private Path avatar;
  private Originals originals;
  private Database database;
  private JobQueries queries;

  /** One node, and what happens at each step of its taking. */
  private final class Node {
    final Inbox inbox;
    final BundleTaker taker;
    Consumer<String> between = step -> {};

    Node(String name) {
      inbox =
          new Inbox(
              folders.inbox(),
              new Settings.Inbox(
                  Duration.ZERO, Duration.ofSeconds(1), Duration.ofMinutes(10), "avatar"),
              profile -> new Needs(true, true, false, false, sidecar -> false),
              queries,
              null,
              SettableTime.by(() -> NOW),
              null);
      taker =
          new BundleTaker(
              inbox,
              folders,
              Sharing.as(name),
              profile -> {
                between.accept("before-entry");
                return new Job.Goal("kie", "model");
              },
              (profile, role, bytes) -> Optional.empty(),
              new NewJobs(database, () -> NOW),
              queries,
              () -> NOW,
              step -> between.accept(step));
    }

    @Nullable Job take() throws IOException {
      inbox.look(System.nanoTime());
      var file = new GenericFile<File>();
      file.setFile(avatar.resolve("host.wav").toFile());
      return taker.take(file);
    }
  }

  @BeforeEach
  void open() throws IOException {
    folders =
        new Folders(
            folder.resolve("inbox"),
            folder.resolve("outbox"),
            folder.resolve("failed"),
            folder.resolve("duplicates"),
            folder.resolve("archive"),
            folder.resolve("data/work"),
            folder.resolve("data"));
    avatar = Files.createDirectories(folders.inbox().resolve("avatar"));
    Files.createDirectories(folders.work());
    originals = new Originals(folder);
    database = Database.open("jdbc:sqlite:" + folder.resolve("data/ledger.db"), "", "");
    queries = new JobQueries(database);
    for (var name : new String[] {"host.wav", "host.png", "host.txt"}) {
      originals.dropped(Files.writeString(avatar.resolve(name), name));
    }
    Files.writeString(avatar.resolve("_defaults.yaml"), "prompt: calm");
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Job onlyJob() {
    assertThat(queries.newest()).hasSize(1);
    return queries.newest().get(0);
  }

  private void assertWhole(Job job) throws IOException {
    originals.assertEachInExactlyOnePlace();
    assertThat(job.state()).isEqualTo(JobState.CLAIMED);
    assertThat(job.home()).isEqualTo(folders.work(job.id()).resolve("in").toString());
    for (var file : job.files()) {
      assertThat(Path.of(String.valueOf(job.home())).resolve(file.name())).exists();
    }
    assertThat(job.files()).hasSize(3);
    try (var left = Files.walk(folders.work())) {
      assertThat(left.filter(path -> path.toString().contains(".taking/"))).isEmpty();
    }
  }

  /** Steps of a taking, and which time each is met. */
  static Stream<String> steps() {
    return Stream.of(
        "before-defaults 1",
        "before-move 1",
        "moved 1",
        "before-move 2",
        "moved 2",
        "before-move 3",
        "moved 3",
        "before-copy 1",
        "before-copy 2",
        "before-copy 3",
        "before-entry 1");
  }

  /** The node is halted at that step, and meanwhile that happens. */
  private Node halted(String where, Act meanwhile) {
    var step = where.split(" ", 2);
    var node = new Node("a");
    var met = new int[1];
    node.between =
        at -> {
          if (at.equals(step[0]) && ++met[0] == Integer.parseInt(step[1])) {
            node.between = other -> {};
            try {
              meanwhile.run();
            } catch (IOException e) {
              throw new IllegalStateException(e);
            }
          }
        };
    return node;
  }

  private interface Act {
    void run() throws IOException;
  }

  @ParameterizedTest
  @MethodSource("steps")
  void whatAHaltedNodeBeganIsFinishedByTheNextScannerAndNothingIsTakenTwice(String where)
      throws IOException {
    var next = new Node("b");

    halted(
            where,
            () -> {
              next.taker.recoverFromOthers();
              next.take();
              assertWhole(onlyJob());
            })
        .take();

    assertWhole(onlyJob());
    next.taker.recoverFromOthers();
    next.take();
    assertWhole(onlyJob());
  }

  @ParameterizedTest
  @MethodSource("steps")
  void theNextScannerMayTakeOverAndBeHaltedItself(String where) throws IOException {
    var second = halted(where, () -> {});
    halted(
            "moved 2",
            () -> {
              var third = new Node("c");
              var next = new Node("b");
              var met = new boolean[1];
              next.between =
                  at -> {
                    if (!met[0] && at.equals(where.split(" ", 2)[0])) {
                      met[0] = true;
                      try {
                        third.taker.recoverFromOthers();
                        third.take();
                      } catch (IOException e) {
                        throw new IllegalStateException(e);
                      }
                    }
                  };
              next.taker.recoverFromOthers();
            })
        .take();
    second.taker.recoverFromOthers();
    second.take();

    assertWhole(onlyJob());
  }

  @ParameterizedTest
  @MethodSource("steps")
  void aNodeThatStartsLeavesAloneWhatAnotherIsTaking(String where) throws IOException {
    var job = halted(where, () -> new Node("b").taker.recover()).take();

    assertThat(job).isNotNull();
    assertWhole(onlyJob());
  }

  @ParameterizedTest
  @MethodSource("steps")
  void aNodeThatDiedFinishesItsOwnAtItsNextStart(String where) throws IOException {
    var node =
        halted(
            where,
            () -> {
              throw new Died();
            });
    try {
      node.take();
    } catch (Died e) {
      // nothing is tidied up
    }

    var again = new Node("a");
    again.taker.recover();
    again.take();

    assertWhole(onlyJob());
  }

  /** Nothing catches it on the way, as nothing runs after a death. */
  private static final class Died extends Error {
    private static final long serialVersionUID = 1;
  }

  @Test
  void whatCannotBeGatheredGoesBackAndTheHaltedNodeEntersNothing() throws IOException {
    var next = new Node("b");

    var job =
        halted(
                "before-copy 1",
                () -> {
                  // somebody wrote to a file just before it was moved
                  try (var taken = Files.walk(folders.work())) {
                    var voice = taken.filter(file -> file.endsWith("in/host.wav")).findFirst();
                    Files.setLastModifiedTime(voice.orElseThrow(), FileTime.fromMillis(0));
                  }
                  next.taker.recoverFromOthers();
                })
            .take();

    assertThat(job).isNull();
    assertThat(queries.newest()).isEmpty();
    originals.assertEachInExactlyOnePlace();
    assertThat(avatar.resolve("host.wav")).hasContent("host.wav");
    next.take();
    assertWhole(onlyJob());
  }

  @Test
  void aNodeThatWakesWhileItsFilesGoBackEntersNothing() throws Exception {
    var halted = new Semaphore(0);
    var wakes = new Semaphore(0);
    var asleep =
        halted(
            "before-copy 3",
            () -> {
              halted.release();
              wakes.acquireUninterruptibly();
            });
    var taking = CompletableFuture.supplyAsync(() -> taken(asleep));
    halted.acquire();
    var next = new Node("b");
    next.between =
        new Consumer<>() {
          private int back;

          @Override
          public void accept(String step) {
            if (step.equals("before-copy")) {
              throw new IllegalStateException("no room");
            }
            if (step.equals("before-give-back") && ++back == 3) {
              wakes.release();
              assertThat(taking.join()).isEmpty();
            }
          }
        };

    next.taker.recoverFromOthers();

    wakes.release();
    assertThat(queries.newest()).isEmpty();
    originals.assertEachInExactlyOnePlace();
    next.between = step -> {};
    next.take();
    assertWhole(onlyJob());
  }

  private static Optional<Job> taken(Node node) {
    try {
      return Optional.ofNullable(node.take());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void neitherTheMarkNorAnythingStrangeInTheWorkFolderIsTouched() throws IOException {
    var mark = Files.writeString(folders.work().resolve(".klingdrop"), "ledger");
    var strange = Files.createDirectories(folders.work().resolve("lost+found"));

    new Node("a").taker.recover();
    new Node("a").taker.recoverFromOthers();

    assertThat(mark).exists();
    assertThat(strange).exists();
  }
}
