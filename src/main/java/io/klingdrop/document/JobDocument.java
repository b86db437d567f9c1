package io.klingdrop.document;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobEvent;
import io.klingdrop.job.JobFacts;
import io.klingdrop.job.JobState;
import io.klingdrop.job.ResultFile;
import io.klingdrop.job.Text;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A job as JSON, as {@code config/schemas/job-v1.json} describes it. There is no other: the notes
 * beside files, the messages, the API and {@code --json} begin with what {@link #of} says and add
 * parts, so they differ in what they leave out and never in a name or a meaning. No address of a
 * provider is in it unless {@link #urls} was asked for: such may be signed. Used by one thread.
 */
public final class JobDocument {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final JobFacts facts;
  private final ObjectNode json = JSON.createObjectNode();
  private final ArrayNode results;

  private JobDocument(JobFacts facts) {
    this.facts = facts;
    var job = facts.job();
    var reason = Reason.of(job).orElse(null);
    json.put("job", job.id())
        .put("name", job.name())
        .put("profile", job.profile())
        .put("subPath", job.subPath())
        .put("provider", job.provider())
        .put("model", job.model())
        .put("taskId", job.taskId())
        .put("state", job.state().name())
        .put("class", reason == null ? null : reason.channel())
        .put("failCode", reason == null ? null : reason.code())
        .put("failMessage", reason == null ? null : reason.message())
        .put("httpStatus", reason == null ? null : reason.httpStatus())
        .put("charged", facts.charged().word())
        .put("nextStep", Reason.nextStep(job))
        .put("attempts", job.attempts())
        .put("estimate", job.cost().estimate())
        .put("credits", job.cost().credits())
        .put("duplicateOf", job.content().duplicateOf());
    sources(job);
    results = json.putArray("results");
    job.results().forEach(result -> result(result, results.addObject()));
    facts.warnings().forEach(json.putArray("warnings")::add);
    json.put("createdAt", text(job.times().created()))
        .put("submittedAt", text(job.times().submitted()))
        .put("generatedAt", text(job.times().generated()))
        .put("deliveredAt", text(job.times().delivered()));
  }

  /** What every document of a job says. */
  public static JobDocument of(JobFacts facts) {
    return new JobDocument(facts);
  }

  private void sources(Job job) {
    var sources = json.putArray("sources");
    for (var file : job.files()) {
      sources
          .addObject()
          .put("role", file.role().word())
          .put("name", file.name())
          .put("sha256", file.sha256())
          .put("bytes", file.bytes());
    }
  }

  private static void result(ResultFile result, ObjectNode node) {
    node.put("number", result.number())
        .put("sha256", result.sha256())
        .put("bytes", result.sha256() == null ? null : Long.valueOf(result.bytes()))
        .put("durationSeconds", seconds(result.durationMillis()));
  }

  /** The names of the sources alone. */
  public JobDocument files() {
    var files = json.putArray("files");
    facts.job().files().forEach(file -> files.add(file.name()));
    return this;
  }

  /** What was asked of the model, without addresses of media and without secrets. */
  public JobDocument request() {
    var job = facts.job();
    var request = json.putObject("request").put("model", job.model());
    try {
      request.set("input", JSON.readTree(job.composedRequest()));
    } catch (JsonProcessingException e) {
      request.put("input", job.composedRequest());
    }
    return this;
  }

  /** As the job will be once its state says what is true already: every target has its results. */
  public JobDocument delivered(Instant at) {
    json.put("state", JobState.DELIVERED.name()).put("deliveredAt", text(at));
    return this;
  }

  /** When the note was written. */
  public JobDocument at(Instant at) {
    json.put("at", text(at));
    return this;
  }

  /** Each result's file beside the note, in their order; null where it has none there. */
  public JobDocument fileNames(List<@Nullable String> names) {
    for (int i = 0; i < results.size(); i++) {
      ((ObjectNode) results.get(i)).put("file", names.get(i));
    }
    return this;
  }

  /** Where the provider offered each result. */
  public JobDocument urls() {
    return eachResult((result, node) -> node.put("url", result.url()));
  }

  /** Where this program sends each result from: {@code prefix} and its number. */
  public JobDocument hrefs(String prefix) {
    return eachResult((result, node) -> node.put("href", prefix + result.number()));
  }

  /** The places that hold each result. */
  public JobDocument places() {
    return eachResult(
        (result, node) -> {
          var places = node.putArray("places");
          for (var receipt : facts.receipts()) {
            if (receipt.number() == result.number()) {
              places
                  .addObject()
                  .put("target", receipt.target())
                  .put("location", receipt.location())
                  .put("at", text(receipt.at()));
            }
          }
        });
  }

  private JobDocument eachResult(BiConsumer<ResultFile, ObjectNode> part) {
    for (int i = 0; i < results.size(); i++) {
      part.accept(facts.job().results().get(i), (ObjectNode) results.get(i));
    }
    return this;
  }

  /** The job whose content a duplicate repeats, and so what a person can do about it. */
  public JobDocument first(JobFacts first) {
    json.set("first", of(first).places().json());
    json.put("nextStep", Reason.nextStepAfter(first.job()));
    return this;
  }

  /** Each createTask of the job, oldest first. */
  public JobDocument attemptList() {
    var list = json.putArray("attemptList");
    for (var attempt : facts.attempts()) {
      var charged = attempt.charged();
      list.addObject()
          .put("number", attempt.number())
          .put("taskId", attempt.taskId())
          .put("submittedAt", text(attempt.submitted()))
          .put("endedAt", text(attempt.ended()))
          .put("failCode", attempt.failCode())
          .put("failMessage", attempt.failMessage())
          .put("charged", charged == null ? null : charged.word())
          .put("reserved", attempt.reserved())
          .put("credits", attempt.credits());
    }
    return this;
  }

  /** What has happened to the job, oldest first. */
  public JobDocument timeline(List<JobEvent> events) {
    var timeline = json.putArray("timeline");
    for (var event : events) {
      timeline
          .addObject()
          .put("at", text(event.at()))
          .put("state", event.state().name())
          .put("note", event.note());
    }
    return this;
  }

  /** The document so far; whoever has it may add to it. */
  public ObjectNode json() {
    return json;
  }

  /** The document as one line. */
  public String line() {
    return json.toString();
  }

  /** The document as a file beside others: indented, with an end of line. */
  public String note() {
    return Text.escaped(json.toPrettyString()) + "\n";
  }

  /** Milliseconds as seconds. */
  public static @Nullable Double seconds(@Nullable Long millis) {
    return millis == null ? null : Double.valueOf(millis / 1000.0);
  }

  /** A moment as documents have it: UTC, to the millisecond. */
  public static @Nullable String text(@Nullable Instant at) {
    return at == null ? null : at.truncatedTo(ChronoUnit.MILLIS).toString();
  }
}
