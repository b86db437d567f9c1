package io.klingdrop.testing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.sandbox.kie.KieDialect;
import io.klingdrop.sandbox.task.Envelope.Refusal;
import io.klingdrop.sandbox.task.TaskDesk;
import io.klingdrop.sandbox.task.TaskLife;
import java.io.IOException;
import java.time.InstantSource;

/** The sandbox's side of kie.ai, with lives by plan. Safe for use by many threads. */
final class KieApi {

  private final KieDialect kie;
  private final TaskDesk desk;
  private final KieMedia media;
  private final TaskBook tasks;
  private final Script<TaskPlan> plans;
  private final Gatekeeper gatekeeper;
  private final InstantSource time;

  KieApi(
      KieDialect kie,
      TaskDesk desk,
      KieMedia media,
      TaskBook tasks,
      Script<TaskPlan> plans,
      Gatekeeper gatekeeper,
      InstantSource time) {
    this.kie = kie;
    this.desk = desk;
    this.media = media;
    this.tasks = tasks;
    this.plans = plans;
    this.gatekeeper = gatekeeper;
    this.time = time;
  }

  /** What a poll would see now, without counting as one. */
  ObjectNode sight(String taskId) {
    return kie.sight(desk.find(taskId).orElseThrow());
  }

  /** What the sandbox answers, and what a plan makes of that. */
  Reply serve(Call call) throws IOException {
    var request = new CallRequest(call);
    return switch (call.endpoint()) {
      case UPLOAD -> CallRequest.reply(media.take(call));
      case CREATE_TASK ->
          CallRequest.reply(
              kie.createTask(request, (id, json, checked, at) -> begin(call, id, at)));
      case RECORD_INFO -> shaped(call, CallRequest.reply(kie.recordInfo(request)));
      case CREDIT -> CallRequest.reply(kie.credit());
      case DOWNLOAD_URL -> CallRequest.reply(kie.downloadUrl(request));
      case FILE -> CallRequest.reply(media.host().send(request));
      case RESULT -> CallRequest.reply(desk.result(request));
      case UNKNOWN ->
          Reply.of(
              404, "application/json", Body.of(Envelopes.refusal(404, "Not Found").toString()));
    };
  }

  private TaskLife begin(Call call, String taskId, long at) {
    var request = call.json();
    var digests = media.digests(request.path("input"));
    var task =
        tasks.accept(
            taskId, request, digests, at, () -> plans.draw(call).orElseGet(TaskPlan::succeeds));
    if (task.isEmpty()) {
      gatekeeper.countThrottled();
      throw new Refusal(429, Envelopes.TOO_FREQUENT);
    }
    return task.get();
  }

  private Reply shaped(Call call, Reply reply) throws IOException {
    var task = call.taskId().flatMap(tasks::find);
    if (task.isEmpty() || task.get().plan().shape == ResultShape.STRING) {
      return reply;
    }
    var envelope = (ObjectNode) Envelopes.read(reply.body().bytes()).orElseThrow();
    if (envelope.at("/data/resultJson").asText().isEmpty()) {
      return reply;
    }
    var urls = task.get().look(time.millis()).urls();
    envelope.withObject("/data").set("resultJson", task.get().plan().shape.render(urls));
    return reply.with(Body.of(envelope.toString()));
  }
}
