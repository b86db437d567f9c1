package io.klingdrop.testing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.sandbox.kling.KlingDialect;
import io.klingdrop.sandbox.kling.KlingError;
import io.klingdrop.sandbox.kling.KlingMedia;
import io.klingdrop.sandbox.kling.KlingTerms;
import io.klingdrop.sandbox.task.Envelope.Refusal;
import io.klingdrop.sandbox.task.TaskDesk;
import io.klingdrop.sandbox.task.TaskLife;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

/** The sandbox's side of Kling, with lives by plan and a relay before it. Safe for many threads. */
final class KlingApi {

  /** What is left of every account, in units. */
  private static final double BALANCE = 941.5;

  private final TempFolder folder = TempFolder.create("fake-kling");
  private final TaskBook tasks;
  private final KlingLedger ledger;
  private final Script<TaskPlan> plans;
  private final InstantSource time;
  private final TaskDesk desk;
  private final KlingDialect dialect;
  private volatile Relay relay = Relay.NONE;
  private volatile boolean anyPathFinds;

  KlingApi(TaskBook tasks, KlingLedger ledger, Script<TaskPlan> plans, InstantSource time)
      throws IOException {
    this.tasks = tasks;
    this.ledger = ledger;
    this.plans = plans;
    this.time = time;
    this.desk = new TaskDesk(time);
    var media = new KlingMedia(folder.path(), this::elsewhere);
    var terms = new KlingTerms(media, anyAudio -> true, account -> BALANCE);
    this.dialect = new KlingDialect(desk, terms, time);
  }

  void relay(Relay between) {
    relay = between;
  }

  void findOnAnyPath() {
    anyPathFinds = true;
  }

  /** Forgets a task. */
  void forget(String klingId) {
    desk.forget(klingId);
  }

  /** What a query would see now, without counting as one. */
  ObjectNode sight(String klingId) {
    return dialect.sight(desk.find(klingId).orElseThrow());
  }

  /** Removes all files. */
  void delete() throws IOException {
    folder.delete();
  }

  /** How answers go out now. */
  RelayForm form() {
    return new RelayForm(relay);
  }

  /** What the sandbox answers, and what a plan and a relay make of that. */
  Reply serve(KlingEndpoint endpoint, String account, Call call) throws IOException {
    return switch (endpoint) {
      case CREATE_AVATAR, CREATE_IMAGE -> create(endpoint, account, call);
      case QUERY_AVATAR, QUERY_IMAGE -> query(endpoint, account, call);
      case COSTS -> CallRequest.reply(dialect.costs());
      case RESULT -> CallRequest.reply(desk.result(new CallRequest(call)));
      case UNKNOWN -> form().unknownPath(call);
    };
  }

  private Reply create(KlingEndpoint endpoint, String account, Call call) throws IOException {
    boolean avatar = endpoint == KlingEndpoint.CREATE_AVATAR;
    // CometAPI's page of November 2026: the API rejects avatars without this field
    if (relay == Relay.COMET && avatar && call.json().path("prompt").asText("").isBlank()) {
      return form().refusal(KlingError.of(1201).saying("prompt is required"));
    }
    var accepted = new AtomicReference<KlingTask>();
    var answer =
        dialect.create(
            new CallRequest(call),
            avatar,
            account,
            (id, json, checked, at) -> {
              var life = begin(call, id, at);
              accepted.set(task(endpoint, account, call, id, at));
              ledger.add(accepted.get());
              return life;
            });
    var reply = CallRequest.reply(answer);
    return accepted.get() == null ? form().refusal(reply) : form().created(reply, accepted.get());
  }

  private TaskLife begin(Call call, String klingId, long at) {
    return tasks
        .accept(
            klingId,
            call.json(),
            Map.of(),
            at,
            () -> plans.draw(call).orElseGet(TaskPlan::succeeds))
        .orElseThrow(() -> new Refusal(1303, KlingError.of(1303).message()));
  }

  private KlingTask task(
      KlingEndpoint endpoint, String account, Call call, String klingId, long at) {
    var hidden = "task_" + UUID.randomUUID().toString().replace("-", "");
    return new KlingTask(
        relay.tellsKlingId() ? klingId : hidden,
        klingId,
        endpoint,
        account,
        call.json(),
        KlingLedger.media(call.json()),
        call.headers(),
        Instant.ofEpochMilli(at));
  }

  private Reply query(KlingEndpoint endpoint, String account, Call call) throws IOException {
    String id = endpoint.id(call).orElseThrow();
    var told = ledger.find(id);
    if (told.isEmpty() && !relay.knowsExternalIds()) {
      return form().unknownTask();
    }
    var answer =
        dialect.query(
            told.map(KlingTask::klingId).orElse(id), one -> sees(endpoint, account, one.id()));
    var reply = CallRequest.reply(answer);
    var envelope = (ObjectNode) Envelopes.read(reply.body().bytes()).orElseThrow();
    if (!envelope.has("data")) {
      return form().unknownTask();
    }
    var task = ledger.ofKling(envelope.at("/data/task_id").asText());
    var fake = tasks.get(task.klingId());
    var sight = fake.look(time.millis());
    if (sight.succeeded()) {
      shape(envelope.withObject("/data"), fake.plan().shape);
    }
    return form().found(reply.with(Body.of(envelope.toString())), task, sight);
  }

  private boolean sees(KlingEndpoint endpoint, String account, String klingId) {
    var task = ledger.ofKling(klingId);
    return task.account().equals(account)
        && (anyPathFinds || task.endpoint() == endpoint.creator());
  }

  private static void shape(ObjectNode data, ResultShape shape) {
    switch (shape) {
      case STRING, OBJECT -> {}
      case EMPTY -> data.putObject("task_result");
      case NULL -> data.putNull("task_result");
      case GARBAGE -> data.put("task_result", "{videos: [");
      case NO_URLS -> data.putObject("task_result").putArray("videos");
    }
  }

  /** What lies behind an address, which is believed. */
  private Optional<Path> elsewhere(String field, String address) {
    try {
      return Optional.of(
          field.startsWith("image")
              ? TestMedia.png(folder.path().resolve("face.png"), 320, 320, 1)
              : TestMedia.wav(folder.path().resolve("voice.wav"), TestMedia.VOICE_LENGTH, 1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
