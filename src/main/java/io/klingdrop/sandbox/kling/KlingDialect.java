package io.klingdrop.sandbox.kling;

import com.fasterxml.jackson.databind.JsonNode;
import io.klingdrop.sandbox.task.Envelope;
import io.klingdrop.sandbox.task.Envelope.Refusal;
import io.klingdrop.sandbox.task.SandboxAnswer;
import io.klingdrop.sandbox.task.SandboxRequest;
import io.klingdrop.sandbox.task.SandboxTask;
import io.klingdrop.sandbox.task.TaskDesk;
import io.klingdrop.sandbox.task.TaskLife;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What each endpoint of Kling answers; its tasks are on an account of their own. Thread-safe. */
public final class KlingDialect {

  /** What a new account holds. */
  private static final double UNITS_AT_START = 1000;

  private static final long ID_STEP = 100_000;

  private final TaskDesk desk;
  private final KlingMedia media;
  private final InstantSource clock;
  private final Set<String> externalIds = ConcurrentHashMap.newKeySet();

  /** Speaks of the tasks on the desk, which may be there from an earlier run. */
  public KlingDialect(TaskDesk desk, KlingMedia media, InstantSource clock) {
    this.desk = desk;
    this.media = media;
    this.clock = clock;
    for (var task : desk.all()) {
      KlingRequest.externalId(task.request()).ifPresent(externalIds::add);
    }
  }

  /** What a call is turned away with that has no key; any key will do, and so will any token. */
  public Optional<SandboxAnswer> door(SandboxRequest request) {
    return request.key().isEmpty()
        ? Optional.of(KlingEnvelope.refusal(new Refusal(1001, "Authorization is empty")))
        : Optional.empty();
  }

  /**
   * Accepts or refuses a task.
   *
   * @param avatar whether a voice belongs to it, else the picture alone is to move
   */
  public SandboxAnswer create(SandboxRequest request, boolean avatar, TaskLife.Source lives)
      throws IOException {
    try {
      var task = accept(request.json(), avatar, lives);
      return TaskDesk.accepted(task, KlingEnvelope.success(KlingRecord.created(task)));
    } catch (Refusal e) {
      return KlingEnvelope.refusal(e);
    }
  }

  /** Tells what has become of a task of this kind, by its own id or by the client's. */
  public SandboxAnswer query(String id, boolean avatar) {
    var task = find(id, avatar);
    var odd = task.flatMap(found -> found.life().oddAnswer());
    if (odd.isPresent()) {
      return odd.get();
    }
    var sight = task.flatMap(found -> found.life().asked(clock.millis()));
    return sight.isPresent()
        ? KlingEnvelope.success(KlingRecord.of(task.orElseThrow(), sight.get()))
        : KlingEnvelope.refusal(new Refusal(KlingEnvelope.UNKNOWN, "task not found"));
  }

  /** Tells how many units are left. */
  public SandboxAnswer costs() {
    var data = Envelope.object().put("code", 0).put("msg", "success");
    data.putArray("resource_pack_subscribe_infos")
        .addObject()
        .put("resource_pack_name", "Sandbox units")
        .put("total_quantity", UNITS_AT_START)
        .put("remaining_quantity", units())
        .put("status", "online");
    return KlingEnvelope.success(data);
  }

  private SandboxTask accept(JsonNode request, boolean avatar, TaskLife.Source lives)
      throws IOException {
    if (!request.isObject()) {
      throw new Refusal(1200, "The request body is not valid JSON");
    }
    desk.refuseIfAsked(request.path("prompt").asText(""));
    var externalId = KlingRequest.externalId(request);
    if (externalId.isPresent() && !externalIds.add(externalId.get())) {
      throw new Refusal(KlingEnvelope.INVALID, "external_task_id is already in use");
    }
    boolean accepted = false;
    try {
      var checked = KlingRequest.check(request, avatar, media);
      if (checked.credits() > units()) {
        throw new Refusal(KlingEnvelope.NO_UNITS, "Account balance not enough");
      }
      var id = String.valueOf(desk.nextNumber() * ID_STEP + ID_STEP / 3);
      var task = desk.accept(id, KlingRequest.withoutFiles(request), checked, lives);
      accepted = true;
      return task;
    } finally {
      if (!accepted) {
        externalId.ifPresent(externalIds::remove);
      }
    }
  }

  private Optional<SandboxTask> find(String id, boolean avatar) {
    return desk.all().stream()
        .filter(task -> !task.isKie() && KlingRequest.isAvatar(task.request()) == avatar)
        .filter(task -> task.id().equals(id) || isCalled(task, id))
        .findFirst();
  }

  private double units() {
    return Math.round((UNITS_AT_START - desk.spent(task -> !task.isKie())) * 100) / 100.0;
  }

  private static boolean isCalled(SandboxTask task, String id) {
    return KlingRequest.externalId(task.request()).equals(Optional.of(id));
  }
}
