package io.klingdrop.sandbox.kie;

import static io.klingdrop.sandbox.task.Envelope.refusal;
import static io.klingdrop.sandbox.task.Envelope.success;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.klingdrop.sandbox.task.Envelope;
import io.klingdrop.sandbox.task.Envelope.Refusal;
import io.klingdrop.sandbox.task.ResultName;
import io.klingdrop.sandbox.task.SandboxAnswer;
import io.klingdrop.sandbox.task.SandboxRequest;
import io.klingdrop.sandbox.task.SandboxTask;
import io.klingdrop.sandbox.task.TaskDesk;
import io.klingdrop.sandbox.task.TaskLife;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What kie.ai answers: first the door, which turns calls away that have no good key or the wrong
 * headers, then each endpoint of the API host. Thread-safe.
 */
public final class KieDialect {
  private final TaskDesk desk;
  private final KieTerms terms;
  private final InstantSource clock;
  private final URI base;
  private final AtomicInteger freshLinks = new AtomicInteger();

  /**
   * Speaks of these tasks.
   *
   * @param base scheme, host and port of the addresses of results
   */
  public KieDialect(TaskDesk desk, KieTerms terms, InstantSource clock, URI base) {
    this.desk = desk;
    this.terms = terms;
    this.clock = clock;
    this.base = base;
  }

  /** What a call of the API without a body is refused with, if it is. */
  public Optional<SandboxAnswer> door(SandboxRequest request) {
    return hasKey(request)
        ? Optional.empty()
        : Optional.of(refusal(new Refusal(401, Envelope.UNAUTHORIZED)));
  }

  /** What a call of the API that brings JSON is refused with, if it is. */
  public Optional<SandboxAnswer> jsonDoor(SandboxRequest request) {
    return hasKey(request) && !request.header("Content-Type").contains("json")
        ? Optional.of(refusal(new Refusal(401, "You do not have access permissions")))
        : door(request);
  }

  /** What a call of the upload host is refused with, if it is. */
  public Optional<SandboxAnswer> uploadDoor(SandboxRequest request) {
    return hasKey(request)
        ? Optional.empty()
        : Optional.of(
            Envelope.uploadRefused(new Refusal(401, "Authentication failed: Invalid API Key")));
  }

  private boolean hasKey(SandboxRequest request) {
    return !request.key().isEmpty() && terms.goodKey().test(request.key());
  }

  /** Accepts or refuses a task. */
  public SandboxAnswer createTask(SandboxRequest request, TaskLife.Source lives)
      throws IOException {
    try {
      var task = accept(request.json(), lives);
      var data = Envelope.object().put("taskId", task.id()).put("recordId", task.id());
      return TaskDesk.accepted(task, success(data));
    } catch (Refusal e) {
      return refusal(e);
    }
  }

  /** Tells what has become of a task. */
  public SandboxAnswer recordInfo(SandboxRequest request) {
    var id = request.query("taskId");
    if (id.isBlank()) {
      return refusal(new Refusal(400, "taskId parameter is required"));
    }
    var task = desk.find(id).filter(SandboxTask::isKie);
    var odd = task.flatMap(found -> found.life().oddAnswer());
    if (odd.isPresent()) {
      return odd.get();
    }
    var sight = task.flatMap(found -> found.life().asked(clock.millis()));
    return sight.isPresent()
        ? success(KieRecord.of(task.orElseThrow(), sight.get()))
        : refusal(new Refusal(422, "recordInfo is null"));
  }

  /** What recordInfo would tell of a task now, without counting as a question. */
  public ObjectNode sight(SandboxTask task) {
    return KieRecord.of(task, task.life().look(clock.millis()));
  }

  /** Tells how many credits are left. */
  public SandboxAnswer credit() {
    return success(DecimalNode.valueOf(balance()));
  }

  /** Gives a fresh address for a result, whose old one serves again too. */
  public SandboxAnswer downloadUrl(SandboxRequest request) throws IOException {
    var name = ownResult(request.json().path("url").asText(""));
    var task = name.flatMap(found -> desk.find(found.taskId()));
    if (task.isEmpty()
        || task.get().life().video(name.orElseThrow().number(), clock.millis()).isEmpty()) {
      return refusal(new Refusal(422, "url is wrong"));
    }
    task.get().life().renew();
    var fresh = base + name.orElseThrow().path() + "?fresh=" + freshLinks.incrementAndGet();
    return success(TextNode.valueOf(fresh));
  }

  private SandboxTask accept(JsonNode request, TaskLife.Source lives) throws IOException {
    if (!request.isObject()) {
      throw new Refusal(422, "The request body is not valid JSON");
    }
    desk.refuseIfAsked(request.path("input").path("prompt").asText(""));
    var checked = KieRequest.check(request, terms);
    if (balance().compareTo(BigDecimal.valueOf(checked.credits())) < 0) {
      throw new Refusal(402, "Credits insufficient");
    }
    return desk.accept(UUID.randomUUID().toString().replace("-", ""), request, checked, lives);
  }

  private BigDecimal balance() {
    return terms.balance().apply(desk);
  }

  /** The port does not matter: the sandbox may have started anew. */
  private Optional<ResultName> ownResult(String url) {
    try {
      var address = URI.create(url);
      return base.getHost().equals(address.getHost())
          ? ResultName.parse(address.getPath())
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
