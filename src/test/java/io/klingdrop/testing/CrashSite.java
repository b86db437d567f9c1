package io.klingdrop.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.job.BundleFile;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.job.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A working folder in which the program dies again and again, the provider it works with, and what
 * must hold after every death and in the end. For one thread.
 */
public final class CrashSite implements AutoCloseable {
  private static final Set<JobState> LOST = Set.of(JobState.SUBMIT_UNKNOWN, JobState.CANCELLED);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final FakeKie kie = FakeKie.start();
  private final Workplace place;
  private final List<String> options;
  private final Path inbox;
  private final boolean oneDisk;
  private final Originals originals;
  private final Map<Path, String> shared = new HashMap<>();
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
    shared.put(file, Digests.sha256(file));
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
      assertPromisesKept();
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
    var films = filmsOfTheProvider();
    for (var name : place.tree("outbox")) {
      var file = folder.resolve("outbox").resolve(name);
      if (name.endsWith(".mp4")) {
        assertThat(films).as("%s %s is whole", story, name).contains(Digests.sha256(file));
      } else if (name.endsWith(".json")) {
        assertThat(JSON.readTree(file.toFile()).path("job").asText()).as(name).isNotEmpty();
      } else {
        assertThat(name).as("%s: only hidden files may be half", story).matches("(.*/)?\\.[^/]+");
      }
    }
    if (oneDisk) {
      assertOriginals();
    }
  }

  private void assertOriginals() throws IOException {
    try {
      originals.assertEachInExactlyOnePlace();
    } catch (AssertionError e) {
      throw new AssertionError(story + ": " + e.getMessage(), e);
    }
  }

  private void assertPromisesKept() throws IOException {
    assertNothingHalf();
    assertOriginals();
    for (var tree :
        List.of("outbox", "archive", "failed", "duplicates", "data", inbox.toString())) {
      assertThat(place.tree(tree)).noneMatch(name -> name.endsWith(".part"));
    }
    assertThat(place.tree(inbox.toString())).hasSize(shared.size());
    for (var file : shared.entrySet()) {
      assertThat(Digests.sha256(file.getKey())).isEqualTo(file.getValue());
    }
    var jobs = place.jobs();
    assertThat(jobs).allMatch(job -> job.state().ended() && job.filed());
    assertOneFolderEach(jobs);
    assertPaidOnce(jobs);
    assertEveryTaskIsSeen(jobs);
    assertDeliveredWhole(jobs);
  }

  private void assertPaidOnce(List<Job> jobs) {
    var tasksOfMedia =
        kie.accepted().stream()
            .collect(Collectors.groupingBy(AcceptedTask::media, Collectors.counting()));
    assertThat(tasksOfMedia.values()).as("tasks of one bundle").allMatch(tasks -> tasks == 1);
    var bundles = jobs.stream().map(Job::path).toList();
    assertThat(bundles).as("one job a bundle").doesNotHaveDuplicates();
  }

  private void assertEveryTaskIsSeen(List<Job> jobs) throws IOException {
    for (var task : kie.accepted()) {
      var known = jobs.stream().filter(job -> task.taskId().equals(job.taskId())).toList();
      if (known.isEmpty()) {
        var lost =
            jobs.stream()
                .filter(job -> LOST.contains(job.state()))
                .filter(job -> task.media().containsValue(voice(job)))
                .toList();
        assertThat(lost).as("a job for task %s, whose answer was lost", task.taskId()).hasSize(1);
        assertThat(error(lost.get(0)).path("class").asText()).isIn("submit-unknown", "cancelled");
      } else {
        assertThat(known).as("jobs of task %s", task.taskId()).hasSize(1);
        var job = known.get(0);
        assertThat(job.state()).as(job.path()).isIn(JobState.DELIVERED, JobState.FAILED);
        if (job.state() == JobState.FAILED) {
          assertThat(error(job).path("taskId").asText()).isEqualTo(task.taskId());
        }
      }
    }
  }

  private static String voice(Job job) {
    return job.files().stream()
        .filter(file -> file.role() == Role.AUDIO)
        .map(BundleFile::sha256)
        .findFirst()
        .orElseThrow();
  }

  private com.fasterxml.jackson.databind.JsonNode error(Job job) throws IOException {
    assertThat(job.home()).as("where %s lies", job.path()).isNotNull();
    return JSON.readTree(Path.of(job.home()).resolve("error.json").toFile());
  }

  private void assertDeliveredWhole(List<Job> jobs) throws IOException {
    var delivered = jobs.stream().filter(job -> job.state() == JobState.DELIVERED).toList();
    var outbox = place.tree("outbox");
    assertThat(outbox).as("a film and a note each").hasSize(2 * delivered.size());
    for (var job : delivered) {
      var note = folder.resolve("outbox").resolve(job.path() + ".json");
      var json = JSON.readTree(note.toFile());
      assertThat(json.path("job").asText()).isEqualTo(job.id());
      assertThat(json.path("taskId").asText()).isEqualTo(job.taskId());
      var film = note.resolveSibling(json.at("/results/0/file").asText());
      assertThat(film).hasBinaryContent(kie.resultBytes(job.taskId(), 1));
      assertThat(json.at("/results/0/sha256").asText()).isEqualTo(Digests.sha256(film));
    }
  }

  private List<String> filmsOfTheProvider() {
    return kie.accepted().stream()
        .map(task -> Digests.sha256(kie.resultBytes(task.taskId(), 1)))
        .toList();
  }

  /** Names differ here, so a second folder of a name would mean that a first was begun. */
  private void assertOneFolderEach(List<Job> jobs) throws IOException {
    for (var job : jobs) {
      if (job.home() != null) {
        assertThat(Path.of(job.home()).getFileName()).hasToString(job.name());
      }
    }
    try (var walk = Files.walk(folder)) {
      assertThat(walk.filter(Files::isDirectory))
          .noneMatch(path -> path.toString().endsWith(".part"));
    }
  }

  @Override
  public void close() {
    kie.close();
  }
}
