package io.klingdrop.sandbox.kling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.util.function.Predicate;

/** What each endpoint of Kling answers; its tasks are on an account of their own. Thread-safe. */
public final class KlingDialect {
  /** What a new account holds. */
  public static final double UNITS_AT_START = 1000;

  private static final long ID_STEP = 100_000;

  private final TaskDesk desk;
  private final KlingTerms terms;
  private final InstantSource clock;
  private final Set<String> externalIds = ConcurrentHashMap.newKeySet();

  /** Speaks of the tasks on the desk, which may be there from an earlier run. */
  public KlingDialect(TaskDesk desk, KlingTerms terms, InstantSource clock) {
    this.desk = desk;
    this.terms = terms;
    this.clock = clock;
    for (var task : desk.all()) {
      KlingRequest.externalId(task.request()).ifPresent(id -> externalIds.add(owned("", id)));
    }
  }

  /** What a call is turned away with that has no key; any key will do, and so will any token. */
  public Optional<SandboxAnswer> door(SandboxRequest request) {
    return request.key().isEmpty()
        ? Optional.of(KlingEnvelope.refusal(KlingError.of(1001)))
        : Optional.empty();
  }

  /**
   * Accepts or refuses a task.
   *
   * @param avatar whether a voice belongs to it, else the picture alone is to move
   * @param account whose task it will be; the client's own id is unique within it
   */
  public SandboxAnswer create(
      SandboxRequest request, boolean avatar, String account, TaskLife.Source lives)
      throws IOException {
    try {
      var task = accept(request.json(), avatar, account, lives);
      return TaskDesk.accepted(task, KlingEnvelope.success(KlingRecord.created(task)));
    } catch (Refusal e) {
      return KlingEnvelope.refusal(e);
    }
  }

  /** Tells what has become of one of these tasks, by its own id or by the client's. */
  public SandboxAnswer query(String id, Predicate<SandboxTask> among) {
    Predicate<SandboxTask> kling = task -> !task.isKie() && among.test(task);
    var task = desk.find(id).filter(kling).or(() -> find(id, kling));
    var odd = task.flatMap(found -> found.life().oddAnswer());
    if (odd.isPresent()) {
      return odd.get();
    }
    var sight = task.flatMap(found -> found.life().asked(clock.millis()));
    return sight.isPresent()
        ? KlingEnvelope.success(KlingRecord.of(task.orElseThrow(), sight.get()))
        : KlingEnvelope.refusal(KlingError.of(1203));
  }

  /** What a query would tell of a task now, without counting as one. */
  public ObjectNode sight(SandboxTask task) {
    return KlingRecord.of(task, task.life().look(clock.millis()));
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

  private SandboxTask accept(
      JsonNode request, boolean avatar, String account, TaskLife.Source lives) throws IOException {
    if (!request.isObject()) {
      throw new Refusal(1200, "The request body is not a JSON object");
    }
    desk.refuseIfAsked(request.path("prompt").asText(""));
    var externalId = KlingRequest.externalId(request).map(id -> owned(account, id));
    if (externalId.isPresent() && !externalIds.add(externalId.get())) {
      throw new Refusal(KlingEnvelope.INVALID, "external_task_id is already in use");
    }
    boolean accepted = false;
    try {
      var checked = KlingRequest.check(request, avatar, terms);
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

  private Optional<SandboxTask> find(String externalId, Predicate<SandboxTask> among) {
    return desk.all().stream()
        .filter(among)
        .filter(task -> KlingRequest.externalId(task.request()).equals(Optional.of(externalId)))
        .findFirst();
  }

  private double units() {
    return Math.round(terms.balance().applyAsDouble(desk) * 100) / 100.0;
  }

  private static String owned(String account, String externalId) {
    return account + " " + externalId;
  }
}
