package io.klingdrop.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A working folder in which the program dies again and again, the provider it works with, and what
 * must hold after every death and in the end. For one thread.
 */
public final class CrashSite implements AutoCloseable {
  private final Path folder;
  private final FakeKie kie = FakeKie.start();
  private final Workplace place;
  private final List<String> options;
  private final Path inbox;
  private final boolean oneDisk;
  private final Originals originals;
  private final KeptPromises promises;
  private final List<String> story = new ArrayList<>();
  private int round;

  /** A new working folder below {@code top}, for a program started with these options. */
  public CrashSite(Path top, List<String> options) throws IOException {
    this(top, options, null);
  }

  /** The same with the inbox on another disk. */
  public CrashSite(Path top, List<String> options, @Nullable Path inbox) throws IOException {
    this.options = options;
    folder = Files.createDirectories(Files.createTempDirectory(top, "site").resolve("work"));
    place = new Workplace(folder, kie).set("klingdrop.inbox.settle", "0ms");
    oneDisk = inbox == null;
    this.inbox = inbox == null ? folder.resolve("inbox") : inbox;
    if (inbox != null) {
      place.set("klingdrop.inbox.dir", inbox.toString());
    }
    originals =
        new Originals(
            folder, List.of(this.inbox.toString(), "data/work", "archive", "failed", "duplicates"));
    promises = new KeptPromises(kie, place, originals, this.inbox, "data");
  }

  /** The folder of a profile in the inbox. */
  public Path inbox(String profile) throws IOException {
    return Files.createDirectories(inbox.resolve(profile));
  }

  /** What somebody else does to the database meanwhile. */
  public void sql(String statement) {
    var url = "jdbc:sqlite:" + folder.resolve("data/klingdrop.db");
    try (var connection = DriverManager.getConnection(url);
        var sql = connection.createStatement()) {
      sql.execute(statement);
    } catch (SQLException e) {
      throw new IllegalStateException(statement, e);
    }
  }

  public FakeKie kie() {
    return kie;
  }

  public Workplace place() {
    return place;
  }

  /** A file of one bundle alone. */
  public void dropped(Path file) throws IOException {
    originals.dropped(file);
  }

  /** Both halves of a bundle. */
  public void dropped(TestMedia.Pair pair) throws IOException {
    originals.dropped(pair);
  }

  /** A copy of a file that was dropped before. */
  public void droppedAgain(Path file) throws IOException {
    originals.droppedAgain(file);
  }

  /** A file somebody wrote over one that was dropped before. */
  public void replaced(Path file) throws IOException {
    originals.replaced(file);
  }

  /** An input of many bundles, which stays in the inbox. */
  public void shared(Path file) throws IOException {
    promises.shared(file);
  }

  /** Drops one more round of a flow. */
  public CrashSite drop(CrashFlow flow) throws IOException {
    flow.drop(this, round);
    round++;
    return this;
  }

  /**
   * Runs until that point or, if it is never reached, until nothing is left to do.
   *
   * @param point a name of {@code CrashPoint}, with {@code :n} for its n-th time
   * @return whether it died there
   */
  public boolean diedAt(String point) throws Exception {
    try (var app = start(point)) {
      var exit = app.exitCode();
      var died = app.printed().contains("crash point " + point.replaceFirst(":.*", "") + ": dies");
      story.add(
          (died ? "round %d died at %s" : "round %d never came to %s").formatted(round, point));
      assertThat(exit).as("%s%n%s", story, app.printed()).isIn(died ? 137 : 0, died ? 137 : 1);
      assertNothingHalf();
      return died;
    }
  }

  /** Runs and dies that long after it was ready, wherever it is then. */
  public void diedAfter(Duration time) throws Exception {
    try (var app = start("")) {
      app.awaitReadyOrEnd();
      app.exited(time);
      app.kill();
      story.add("round %d died after %d ms".formatted(round, time.toMillis()));
    }
    assertNothingHalf();
  }

  /** Runs to the end without dying; answers every point it came to, as often as it did. */
  public List<String> traced() throws Exception {
    try (var app = start("trace")) {
      app.exitCode();
      return app.printed()
          .lines()
          .filter(line -> line.startsWith("crash point "))
          .map(line -> line.substring("crash point ".length()))
          .toList();
    }
  }

  /** Runs to the end, then checks that every promise was kept. */
  public void finish() throws Exception {
    try (var app = start("")) {
      assertThat(app.exitCode()).as("%s%n%s", story, app.printed()).isIn(0, 1);
      assertThat(app.printed()).contains("klingdrop ready in");
    }
    try {
      promises.assertKept(story, place.jobs());
    } catch (AssertionError e) {
      throw new AssertionError(story + "\n" + folder + "\n" + e.getMessage(), e);
    }
  }

  private AppProcess start(String point) throws IOException {
    var all = new ArrayList<>(List.of("-Dklingdrop.crash=" + point));
    all.addAll(options);
    return AppProcess.start(folder, place.environment(), all, "--exit-when-idle");
  }

  /** What must hold at every moment. */
  private void assertNothingHalf() throws IOException {
    promises.assertNothingHalf(story);
    if (oneDisk) {
      promises.assertOriginals(story);
    }
  }

  @Override
  public void close() {
    kie.close();
  }
}
