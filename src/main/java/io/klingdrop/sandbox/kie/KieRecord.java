package io.klingdrop.sandbox.kie;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.sandbox.task.Envelope;
import io.klingdrop.sandbox.task.SandboxScript.Verdict;
import io.klingdrop.sandbox.task.SandboxTask;
import io.klingdrop.sandbox.task.SandboxTask.Sight;
import io.klingdrop.sandbox.task.SandboxTask.State;
import java.net.URI;
import java.util.Locale;

/** A task as recordInfo of kie.ai shows it (recorded exchanges, spring to autumn 2026). */
final class KieRecord {

  private KieRecord() {}

  static ObjectNode of(SandboxTask task, Sight sight, URI base) {
    var state = sight.state().name().toLowerCase(Locale.ROOT);
    boolean told = sight.state().ended() && !sight.odd();
    var verdict = sight.verdict();
    var record =
        Envelope.object()
            .put("taskId", task.id())
            .put("model", task.request().path("model").asText())
            .put("state", sight.odd() ? SandboxTask.ODD_STATE : state)
            .put("param", param(task))
            .put(
                "resultJson",
                told && sight.state() == State.SUCCESS ? results(task, sight, base) : "");
    record.put("failCode", told ? verdict.map(v -> String.valueOf(v.code())).orElse(null) : null);
    record.put("failMsg", told ? verdict.map(Verdict::message).orElse(null) : null);
    var endedAt = sight.endedAt();
    record.put(
        "costTime", told ? endedAt.map(at -> (at - task.createdAt()) / 1000).orElse(null) : null);
    record.put("completeTime", told ? endedAt.orElse(null) : null);
    record.put("createTime", task.createdAt());
    record.put("creditsConsumed", verdict.isPresent() ? 0.0 : task.price());
    return record;
  }

  /** The request as text, in which the input is text again. */
  private static String param(SandboxTask task) {
    ObjectNode param = task.request().deepCopy();
    return Envelope.text(param.put("input", Envelope.text(task.request().path("input"))));
  }

  private static String results(SandboxTask task, Sight sight, URI base) {
    var results = Envelope.object();
    var urls = results.putArray("resultUrls");
    task.urls(sight.results(), base).forEach(urls::add);
    return Envelope.text(results);
  }
}
