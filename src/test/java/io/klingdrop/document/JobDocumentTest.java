package io.klingdrop.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.klingdrop.job.Attempt;
import io.klingdrop.job.BundleFile;
import io.klingdrop.job.Charged;
import io.klingdrop.job.Failure;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobFacts;
import io.klingdrop.job.JobState;
import io.klingdrop.job.Receipt;
import io.klingdrop.job.ResultFile;
import io.klingdrop.job.Role;
import io.klingdrop.testing.Schemas;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a job's document says, in each state and in each view of it. */
class JobDocumentTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00.123456Z");
  private static final String SAID = "a.png: stored lying on its side";

  private static Job job(JobState state, Failure failure, String taskId, ResultFile... results) {
    return new Job(
        "kd01",
        1,
        new Job.Origin("avatar", "course", "anna"),
        new Job.Goal("kie", "model"),
        state,
        failure,
        taskId,
        "/home/anna",
        false,
        new Job.Content(
            "{\"prompt\":\"calm\"}", "key", state == JobState.DUPLICATE ? "kd00" : null),
        new Job.Cost(3500L, 24.0, null),
        new Job.Progress(taskId == null ? 0 : 1, 2, null, 0, null),
        new Job.Times(NOW, taskId == null ? null : NOW, null, null, NOW),
        List.of(new BundleFile(Role.IMAGE, "anna.png", "aa", 10, false)),
        List.of(results));
  }

  private static JobFacts facts(Job job, Attempt... attempts) {
    return new JobFacts(
        job,
        null,
        List.of(attempts),
        List.of(new Receipt("file", 1, "/outbox/anna.mp4", NOW)),
        List.of(SAID));
  }

  private static Attempt attempt(Charged charged) {
    return new Attempt(1, "task", NOW, NOW, "501", "no luck", charged, 24.0, null);
  }

  private static Job failed(FailureClass failureClass) {
    return job(
        failureClass == FailureClass.SUBMIT_UNKNOWN ? JobState.SUBMIT_UNKNOWN : JobState.FAILED,
        new Failure(failureClass, "501", "no luck", 200, Charged.UNKNOWN),
        "task",
        new ResultFile(1, "https://host/signed", null, null, 0, null, null));
  }

  private static ResultFile fetched() {
    return new ResultFile(1, "https://host/signed", "1", "cc", 30, ".mp4", 3250L);
  }

  @ParameterizedTest
  @EnumSource(FailureClass.class)
  void aFailedJobIsToldInTheSameWordsEverywhere(FailureClass failureClass) {
    var facts = facts(failed(failureClass), attempt(null));
    var note = JobDocument.of(facts).files().at(NOW).json();
    Schemas.assertFits("errorNote", note);
    assertThat(note.path("class").asText()).isEqualTo(failureClass.channel());
    assertThat(note.path("failCode").asText()).isEqualTo("501");
    assertThat(note.path("failMessage").asText()).isEqualTo("no luck");
    assertThat(note.path("httpStatus").asInt()).isEqualTo(200);
    assertThat(note.path("charged").asText()).isEqualTo("unknown");
    assertThat(note.path("nextStep").asText()).isNotEmpty().doesNotContain("JOB");
    assertThat(note.at("/files/0").asText()).isEqualTo("anna.png");
    assertThat(note.at("/sources/0/sha256").asText()).isEqualTo("aa");
    assertThat(note.at("/warnings/0").asText()).isEqualTo(SAID);
    assertThat(note.path("at").asText()).isEqualTo("2026-11-21T10:00:00.123Z");
    assertThat(note.toString()).doesNotContain("https://");
  }

  @ParameterizedTest
  @EnumSource(JobState.class)
  void eachStateHasADocument(JobState state) {
    var failure = Failure.of(FailureClass.INVALID, "bad");
    var ended = state == JobState.FAILED || state == JobState.SUBMIT_UNKNOWN;
    var job = job(state, ended ? failure : null, null);
    Schemas.assertFits("first", JobDocument.of(facts(job)).places().json());
    assertThat(Reason.of(job).isPresent()).isEqualTo(ended || state == JobState.CANCELLED);
  }

  @Test
  void theNoteOfAVideoHasWhatMadeItAndIsDeliveredBeforeItsStateSaysSo() {
    var facts = facts(job(JobState.FETCHED, null, "task", fetched()), attempt(Charged.YES));
    var note =
        JobDocument.of(facts).request().fileNames(List.of("anna.mp4")).urls().delivered(NOW).json();
    Schemas.assertFits("resultNote", note);
    assertThat(note.path("state").asText()).isEqualTo("DELIVERED");
    assertThat(note.path("deliveredAt").asText()).isEqualTo("2026-11-21T10:00:00.123Z");
    assertThat(note.at("/request/input/prompt").asText()).isEqualTo("calm");
    assertThat(note.at("/results/0/file").asText()).isEqualTo("anna.mp4");
    assertThat(note.at("/results/0/url").asText()).isEqualTo("https://host/signed");
    assertThat(note.at("/results/0/durationSeconds").asDouble()).isEqualTo(3.25);
    assertThat(note.path("charged").asText()).isEqualTo("yes");
    assertThat(note.path("class").isNull()).isTrue();
    assertThat(note.path("nextStep").isNull()).isTrue();
  }

  @Test
  void aDuplicatePointsToTheFirstAndToThePlacesOfItsVideo() {
    var first = facts(job(JobState.DELIVERED, null, "task", fetched()), attempt(Charged.YES));
    var facts = facts(job(JobState.DUPLICATE, null, null));
    var note = JobDocument.of(facts).files().first(first).at(NOW).json();
    Schemas.assertFits("duplicateNote", note);
    assertThat(note.path("duplicateOf").asText()).isEqualTo("kd00");
    assertThat(note.path("taskId").isNull()).isTrue();
    assertThat(note.path("charged").asText()).isEqualTo("no");
    assertThat(note.path("nextStep").asText()).contains("named under first");
    assertThat(note.at("/first/taskId").asText()).isEqualTo("task");
    assertThat(note.at("/first/results/0/places/0/location").asText())
        .isEqualTo("/outbox/anna.mp4");
  }

  @Test
  void whatADuplicateAsksOfAPersonIsWhatTheFirstOneAsks() {
    var first = facts(failed(FailureClass.SUBMIT_UNKNOWN));
    var note = JobDocument.of(facts(job(JobState.DUPLICATE, null, null))).first(first).json();
    assertThat(note.path("nextStep").asText())
        .isEqualTo("The first job may have been charged. " + note.at("/first/nextStep").asText());
  }

  @Test
  void aCancelledJobSaysSoAndWhatItWasBefore() {
    var before = new Failure(FailureClass.GENERATION, "501", "no luck", 200, Charged.NO);
    var note = JobDocument.of(facts(job(JobState.CANCELLED, before, "task"))).json();
    Schemas.assertFits("first", note);
    assertThat(note.path("class").asText()).isEqualTo("cancelled");
    assertThat(note.path("failCode").isNull()).isTrue();
    assertThat(note.path("failMessage").asText())
        .isEqualTo("a person cancelled the job; before that: no luck");
    assertThat(note.path("charged").asText()).isEqualTo("no");
    assertThat(note.path("nextStep").asText()).contains("Task task goes on at the provider");
  }

  @Test
  void whatIsNotFetchedHasNoSize() {
    JsonNode result = JobDocument.of(facts(failed(FailureClass.RESULT))).urls().json();
    result = result.at("/results/0");
    assertThat(result.path("bytes").isNull()).isTrue();
    assertThat(result.path("sha256").isNull()).isTrue();
    assertThat(result.path("url").asText()).isEqualTo("https://host/signed");
  }

  @Test
  void theAttemptsHaveTheWordsOfTheJob() {
    var facts = facts(failed(FailureClass.GENERATION), attempt(Charged.NO));
    var first = JobDocument.of(facts).attemptList().json().at("/attemptList/0");
    assertThat(first.path("failCode").asText()).isEqualTo("501");
    assertThat(first.path("failMessage").asText()).isEqualTo("no luck");
    assertThat(first.path("charged").asText()).isEqualTo("no");
  }
}
