package io.klingdrop.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.job.Attempt;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.ledger.Books;
import io.klingdrop.ledger.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Jobs as the API and {@code --json} show them. No key and no address of a result is in it.
 * Thread-safe.
 */
public final class JobJson {
  private final Books books;
  private final Function<Job, Optional<Duration>> usual;
  private final InstantSource clock;

  /**
   * Jobs of these books.
   *
   * @param usual how long the task of a job usually takes, if that is known
   */
  public JobJson(Books books, Function<Job, Optional<Duration>> usual, InstantSource clock) {
    this.books = books;
    this.usual = usual;
    this.clock = clock;
  }

  /** What a list shows of a job. */
  public ObjectNode brief(Job job) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("id", job.id());
    json.put("name", job.name());
    json.put("path", job.path());
    json.put("profile", job.profile());
    json.put("provider", job.provider());
    json.put("model", job.model());
    json.put("state", job.state().name());
    var failure = job.failure();
    if (failure != null) {
      json.putObject("failure")
          .put("class", failure.failureClass().channel())
          .put("code", failure.code())
          .put("message", failure.message())
          .put("charged", failure.charged().name().toLowerCase(Locale.ROOT))
          .put("nextStep", failure.failureClass().nextStep().replace("JOB", job.id()));
    }
    json.put("taskId", job.taskId());
    json.put("attempts", job.attempts());
    json.put("polls", job.polls());
    json.put("estimate", job.estimate());
    json.put("credits", job.credits());
    json.put("providerWord", job.providerWord());
    put(json, "createdAt", job.createdAt());
    put(json, "submittedAt", job.submittedAt());
    put(json, "generatedAt", job.generatedAt());
    put(json, "deliveredAt", job.deliveredAt());
    put(json, "dueAt", job.dueAt());
    putTrouble(json, job);
    if (job.state() == JobState.READY) {
      json.put("held", books.held(job.id()).orElse(null));
    }
    if (job.state() == JobState.RUNNING && job.submittedAt() != null) {
      json.put("elapsedMillis", clock.millis() - job.submittedAt().toEpochMilli());
      usual.apply(job).ifPresent(time -> json.put("expectedMillis", time.toMillis()));
    }
    var results = json.putArray("results");
    for (var result : job.results()) {
      results
          .addObject()
          .put("number", result.number())
          .put("bytes", result.bytes())
          .put("durationMillis", result.durationMillis())
          .put("href", OpsPaths.API + "/jobs/" + job.id() + "/results/" + result.number());
    }
    json.put("portrait", OpsPaths.API + "/jobs/" + job.id() + "/portrait");
    return json;
  }

  /** How often and since when the present step has been refused, and why it was refused last. */
  private void putTrouble(ObjectNode json, Job job) {
    var longest = books.troubles(job).stream().findFirst();
    put(json, "troubleSince", longest.isPresent() ? longest.get().since() : job.troubleSince());
    json.put("tries", longest.map(Trouble::tries).orElse(job.tries()));
    json.put("trouble", longest.map(Trouble::said).orElse(null));
  }

  /** All that is known of a job. */
  public ObjectNode full(Job job) {
    var json = brief(job);
    json.put("duplicateOf", job.duplicateOf());
    json.put("audioMillis", job.audioMillis());
    var files = json.putArray("files");
    for (var file : job.files()) {
      files
          .addObject()
          .put("role", file.role().name().toLowerCase(Locale.ROOT))
          .put("name", file.name())
          .put("sha256", file.sha256())
          .put("bytes", file.bytes());
    }
    var attempts = json.putArray("attemptList");
    books.attempts(job.id()).forEach(attempt -> attempts.add(attempt(attempt)));
    putReceipts(json, job);
    putMessages(json, job);
    books.warnings(job.id()).forEach(json.putArray("warnings")::add);
    var events = json.putArray("timeline");
    for (var event : books.timeline(job.id())) {
      events
          .addObject()
          .put("at", event.at().toString())
          .put("state", event.state().name())
          .put("note", event.note());
    }
    return json;
  }

  /** Where the results are, and the targets that do not have them yet. */
  private void putReceipts(ObjectNode json, Job job) {
    var receipts = json.putArray("receipts");
    for (var receipt : books.receipts(job.id())) {
      var entry = receipts.addObject();
      entry.put("target", receipt.target());
      entry.put("number", receipt.number());
      entry.put("location", receipt.location());
      put(entry, "at", receipt.at());
    }
    var owed = json.putArray("owedTargets");
    for (var target : books.owed(job.id())) {
      var entry = owed.addObject();
      entry.put("target", target.target());
      entry.put("tries", target.tries());
      entry.put("error", target.said());
      entry.put("givenUp", target.givenUp());
      put(entry, "nextTryAt", target.givenUp() ? null : target.nextTry());
    }
  }

  /** The messages about the job that somebody has not taken yet. */
  private void putMessages(ObjectNode json, Job job) {
    var messages = json.putArray("messages");
    for (var row : books.untold(job.id())) {
      var entry = messages.addObject();
      entry.put("id", row.id());
      entry.put("way", row.way().name().toLowerCase(Locale.ROOT));
      entry.put("type", row.type());
      put(entry, "at", row.at());
      entry.put("endpoint", row.waitsFor());
      var reached = entry.putArray("reached");
      row.reached().stream().sorted().forEach(reached::add);
      entry.put("tries", row.tries());
      entry.put("error", row.error());
      put(entry, "nextTryAt", row.nextTry());
    }
  }

  private static ObjectNode attempt(Attempt attempt) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("number", attempt.number());
    json.put("taskId", attempt.taskId());
    put(json, "submittedAt", attempt.submitted());
    put(json, "endedAt", attempt.ended());
    json.put("code", attempt.failCode());
    json.put("message", attempt.failMessage());
    var charged = attempt.charged();
    json.put("charged", charged == null ? null : charged.name().toLowerCase(Locale.ROOT));
    json.put("reserved", attempt.reserved());
    json.put("credits", attempt.credits());
    return json;
  }

  private static void put(ObjectNode json, String name, @Nullable Instant at) {
    json.put(name, at == null ? null : at.toString());
  }
}
