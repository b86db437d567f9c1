package io.klingdrop.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobEvent;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Jobs as the API shows them. No key and no address of a result is in it. */
final class JobJson {

  private JobJson() {}

  /** What a list shows of a job. */
  static ObjectNode brief(Job job) {
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
          .put("charged", failure.charged().name().toLowerCase(java.util.Locale.ROOT))
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

  /** All that is known of a job. */
  static ObjectNode full(Job job, List<JobEvent> timeline) {
    var json = brief(job);
    json.put("duplicateOf", job.duplicateOf());
    json.put("audioMillis", job.audioMillis());
    var files = json.putArray("files");
    for (var file : job.files()) {
      files
          .addObject()
          .put("role", file.role().name().toLowerCase(java.util.Locale.ROOT))
          .put("name", file.name())
          .put("sha256", file.sha256())
          .put("bytes", file.bytes());
    }
    var events = json.putArray("timeline");
    for (var event : timeline) {
      events
          .addObject()
          .put("at", event.at().toString())
          .put("state", event.state().name())
          .put("note", event.note());
    }
    return json;
  }

  private static void put(ObjectNode json, String name, @Nullable Instant at) {
    json.put(name, at == null ? null : at.toString());
  }
}
