package io.klingdrop.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.job.BundleFile;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.job.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What must hold of a working folder and of its provider's books, whatever has happened to the
 * program: at every moment, and once nothing is left to do. For one thread.
 */
final class KeptPromises {
  private static final Set<JobState> LOST = Set.of(JobState.SUBMIT_UNKNOWN, JobState.CANCELLED);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final FakeKie kie;
  private final Workplace place;
  private final Originals originals;
  private final Path inbox;
  private final String data;
  private final Map<Path, String> shared = new HashMap<>();

  /**
   * Of that place, whose dropped files stand in {@code originals}.
   *
   * @param data the tree that has the work folder in it
   */
  KeptPromises(FakeKie kie, Workplace place, Originals originals, Path inbox, String data) {
    this.kie = kie;
    this.place = place;
    this.originals = originals;
    this.inbox = inbox;
    this.data = data;
  }

  /** An input of many bundles, which stays in the inbox as it is now. */
  void shared(Path file) throws IOException {
    shared.put(file, Digests.sha256(file));
  }

  /** No output is half written or without its end. */
  void assertNothingHalf(Object story) throws IOException {
    var films = filmsOfTheProvider();
    for (var name : place.tree("outbox")) {
      var file = place.folder().resolve("outbox").resolve(name);
      if (name.endsWith(".mp4")) {
        assertThat(films).as("%s %s is whole", story, name).contains(Digests.sha256(file));
      } else if (name.endsWith(".json")) {
        assertThat(JSON.readTree(file.toFile()).path("job").asText()).as(name).isNotEmpty();
      } else {
        assertThat(name).as("%s: only hidden files may be half", story).matches("(.*/)?\\.[^/]+");
      }
    }
  }

  /** Every file that was dropped is in exactly one place. */
  void assertOriginals(Object story) throws IOException {
    try {
      originals.assertEachInExactlyOnePlace();
    } catch (AssertionError e) {
      throw new AssertionError(story + ": " + e.getMessage(), e);
    }
  }

  /** What must hold once nothing is left to do, given all jobs. */
  void assertKept(Object story, List<Job> jobs) throws IOException {
    assertNothingHalf(story);
    assertOriginals(story);
    for (var tree : List.of("outbox", "archive", "failed", "duplicates", data, inbox.toString())) {
      assertThat(place.tree(tree)).noneMatch(name -> name.endsWith(".part"));
    }
    assertThat(place.tree(inbox.toString())).hasSize(shared.size());
    for (var file : shared.entrySet()) {
      assertThat(Digests.sha256(file.getKey())).isEqualTo(file.getValue());
    }
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

  private JsonNode error(Job job) throws IOException {
    assertThat(job.home()).as("where %s lies", job.path()).isNotNull();
    return JSON.readTree(Path.of(job.home()).resolve("error.json").toFile());
  }

  private void assertDeliveredWhole(List<Job> jobs) throws IOException {
    var delivered = jobs.stream().filter(job -> job.state() == JobState.DELIVERED).toList();
    var outbox = place.tree("outbox");
    assertThat(outbox).as("a film and a note each").hasSize(2 * delivered.size());
    for (var job : delivered) {
      var note = place.folder().resolve("outbox").resolve(job.path() + ".json");
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
    try (var walk = Files.walk(place.folder())) {
      assertThat(walk.filter(Files::isDirectory))
          .noneMatch(path -> path.toString().endsWith(".part"));
    }
  }
}
