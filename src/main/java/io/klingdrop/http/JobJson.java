package io.klingdrop.http;

import static java.util.stream.Collectors.toMap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.document.JobDocument;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobFacts;
import io.klingdrop.job.JobState;
import io.klingdrop.ledger.JobHistory.Trouble;
import io.klingdrop.ledger.JobQueries;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * Jobs as the API and {@code --json} show them: the document all have in common, and how they stand
 * just now, with what a task {@code usual}ly takes. No key and no address of a result is in it.
 * Thread-safe.
 */
public record JobJson(
    JobQueries queries, Function<Job, Optional<Duration>> usual, InstantSource clock) {
  /** What a list shows of jobs; what is beside them is read for all of them together. */
  public List<ObjectNode> listed(List<Job> jobs) {
    return brief(jobs).stream().map(JobDocument::json).toList();
  }

  public ObjectNode brief(Job job) {
    return listed(List.of(job)).get(0);
  }

  private List<JobDocument> brief(List<Job> jobs) {
    var ids =
        jobs.stream()
            .map(job -> job.content().duplicateOf())
            .filter(Objects::nonNull)
            .distinct()
            .toList();
    var firsts =
        queries.history().facts(queries.jobs(ids)).stream()
            .collect(toMap(first -> first.job().id(), Function.identity()));
    return queries.history().facts(jobs).stream()
        .map(
            facts -> {
              var document = brief(facts);
              var first = firsts.get(facts.job().content().duplicateOf());
              return first == null ? document : document.first(first);
            })
        .toList();
  }

  private JobDocument brief(JobFacts facts) {
    var job = facts.job();
    var here = OpsPaths.JOBS + "/" + job.id();
    var document = JobDocument.of(facts).hrefs(here + "/results/");
    var json = document.json();
    json.put("portrait", here + "/portrait");
    json.put("audioSeconds", JobDocument.seconds(job.cost().audioMillis()));
    json.put("polls", job.progress().polls());
    json.put("providerWord", job.progress().word());
    json.put("held", facts.held());
    json.put("dueAt", JobDocument.text(job.times().due()));
    putTrouble(json, job);
    if (job.state() == JobState.RUNNING && job.times().submitted() != null) {
      json.put("elapsedMillis", clock.millis() - job.times().submitted().toEpochMilli());
      usual.apply(job).ifPresent(time -> json.put("expectedMillis", time.toMillis()));
    }
    return document;
  }

  /** How often and since when the present step has been refused, and why it was refused last. */
  private void putTrouble(ObjectNode json, Job job) {
    var longest = queries.history().troubles(job).stream().findFirst();
    json.put(
        "troubleSince",
        JobDocument.text(
            longest.isPresent() ? longest.get().since() : job.progress().troubleSince()));
    json.put("tries", longest.map(Trouble::tries).orElse(job.progress().tries()));
    json.put("trouble", longest.map(Trouble::said).orElse(null));
  }

  public ObjectNode full(Job job) {
    var document = brief(List.of(job)).get(0).places().attemptList();
    putOwed(document.json(), job);
    putMessages(document.json(), job);
    return document.timeline(queries.history().timeline(job.id())).json();
  }

  /** The targets that do not have all results yet. */
  private void putOwed(ObjectNode json, Job job) {
    var owed = json.putArray("owedTargets");
    for (var target : queries.history().owed(job.id())) {
      owed.addObject()
          .put("target", target.target())
          .put("tries", target.tries())
          .put("error", target.said())
          .put("givenUp", target.givenUp())
          .put("nextTryAt", target.givenUp() ? null : JobDocument.text(target.nextTry()));
    }
  }

  /** The messages about the job that somebody has not taken yet. */
  private void putMessages(ObjectNode json, Job job) {
    var messages = json.putArray("messages");
    for (var row : queries.history().untold(job.id())) {
      var entry = messages.addObject();
      entry.put("id", row.id());
      entry.put("way", row.way().name().toLowerCase(Locale.ROOT));
      entry.put("type", row.type());
      entry.put("at", JobDocument.text(row.at()));
      entry.put("endpoint", row.waitsFor());
      var reached = entry.putArray("reached");
      row.reached().stream().sorted().forEach(reached::add);
      entry.put("tries", row.tries());
      entry.put("error", row.error());
      entry.put("nextTryAt", JobDocument.text(row.nextTry()));
    }
  }
}
