package io.klingdrop.sandbox.kling;

import com.fasterxml.jackson.databind.JsonNode;
import io.klingdrop.sandbox.task.Envelope.Refusal;
import io.klingdrop.sandbox.task.SandboxTask;
import io.klingdrop.sandbox.task.TaskDesk;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Takes tasks in that come in Kling's dialect, on an account of their own. Thread-safe. */
public final class KlingDesk {

  /** What a new account holds. */
  static final double UNITS_AT_START = 1000;

  private static final long ID_STEP = 100_000;

  private final TaskDesk desk;
  private final KlingMedia media;
  private final InstantSource clock;
  private final Set<String> externalIds = ConcurrentHashMap.newKeySet();

  public KlingDesk(TaskDesk desk, KlingMedia media, InstantSource clock) {
    this.desk = desk;
    this.media = media;
    this.clock = clock;
  }

  /** Learns the clients' ids of tasks that were taken up again. */
  public void resume() {
    for (var task : desk.all()) {
      KlingRequest.externalId(task.request()).ifPresent(externalIds::add);
    }
  }

  /**
   * Accepts a task.
   *
   * @throws Refusal what is answered instead
   * @throws IOException if the task cannot be kept
   */
  SandboxTask create(JsonNode request, boolean avatar) throws IOException {
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
      var task = desk.accept(id, KlingRequest.withoutFiles(request), checked);
      accepted = true;
      return task;
    } finally {
      if (!accepted) {
        externalId.ifPresent(externalIds::remove);
      }
    }
  }

  /** Finds a task of this kind by its own id or by the client's. */
  SandboxTask find(String id, boolean avatar) {
    return desk.all().stream()
        .filter(task -> !task.isKie() && KlingRequest.isAvatar(task.request()) == avatar)
        .filter(task -> task.id().equals(id) || isCalled(task, id))
        .findFirst()
        .orElseThrow(() -> new Refusal(KlingEnvelope.UNKNOWN, "task not found"));
  }

  /** What is left of the account. */
  double units() {
    double spent = desk.spent(task -> !task.isKie(), clock.millis());
    return Math.round((UNITS_AT_START - spent) * 100) / 100.0;
  }

  private static boolean isCalled(SandboxTask task, String id) {
    return KlingRequest.externalId(task.request()).equals(Optional.of(id));
  }
}
