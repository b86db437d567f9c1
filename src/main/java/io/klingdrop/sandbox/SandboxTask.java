package io.klingdrop.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.sandbox.SandboxScript.Oddity;
import io.klingdrop.sandbox.SandboxScript.Verdict;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A task that was accepted, and what recordInfo says about it at a given moment. Thread-safe. */
final class SandboxTask {

  /** What stands before the file name in every address of a result. */
  static final String RESULTS = "/results/";

  /** A state word that is on no list. */
  static final String ODD_STATE = "reviewing";

  private static final int ODD_ANSWERS = 2;

  /** The part of its time a task spends waiting before it says that it is generating. */
  private static final double WAITING_SHARE = 0.4;

  private enum Door {
    CLOSED,
    TRIED,
    OPEN
  }

  private final String id;
  private final JsonNode request;
  private final double credits;
  private final long createdAt;
  private final SandboxScript script;

  private long videoAt;
  private @Nullable Verdict accident;
  private int reads;
  private Door door;

  SandboxTask(String id, JsonNode request, double credits, long createdAt) {
    this.id = id;
    this.request = request;
    this.credits = credits;
    this.createdAt = createdAt;
    this.script = SandboxScript.parse(request.path("input").path("prompt").asText(""));
    this.door = script.asksFor(Oddity.EXPIRED_URL) ? Door.CLOSED : Door.OPEN;
  }

  String id() {
    return id;
  }

  SandboxScript script() {
    return script;
  }

  /** Notes that the video is made. */
  synchronized void videoMade(long now) {
    videoAt = now;
  }

  /** Notes that the video could not be made. */
  synchronized void videoFailed(long now) {
    videoAt = now;
    accident = new Verdict(500, "Internal Error, Please try again later.");
  }

  /** What the task takes off the balance: nothing once it has failed. */
  synchronized double credits(long now) {
    return state(now).equals("fail") ? 0 : credits;
  }

  /** Whether the answer to this reading of the record is an HTML page; counts the reading. */
  synchronized Optional<Integer> htmlStatus() {
    reads++;
    if (script.asksFor(Oddity.HTML) && reads <= ODD_ANSWERS) {
      return Optional.of(reads == 1 ? 200 : 502);
    }
    return Optional.empty();
  }

  /** The record as recordInfo shows it. */
  synchronized ObjectNode record(long now, URI base) {
    door = door == Door.TRIED ? Door.OPEN : door;
    var state = state(now);
    boolean ended = state.equals("success") || state.equals("fail");
    var verdict = ended ? verdict() : Optional.<Verdict>empty();
    boolean odd = script.asksFor(Oddity.ODD_STATE) && reads <= ODD_ANSWERS;
    var record =
        Envelope.object()
            .put("taskId", id)
            .put("model", request.path("model").asText())
            .put("state", odd ? ODD_STATE : state)
            .put("param", param())
            .put("resultJson", ended && verdict.isEmpty() && !odd ? results(base) : "");
    boolean told = ended && !odd;
    record.put("failCode", told ? verdict.map(v -> String.valueOf(v.code())).orElse(null) : null);
    record.put("failMsg", told ? verdict.map(Verdict::message).orElse(null) : null);
    record.put("costTime", told ? (Long) ((endedAt() - createdAt) / 1000) : null);
    record.put("completeTime", told ? (Long) endedAt() : null);
    record.put("createTime", createdAt);
    record.put("creditsConsumed", verdict.isPresent() ? 0.0 : credits);
    return record;
  }

  /** Whether a result may be fetched; an attempt that comes too early is remembered. */
  synchronized boolean admits(long now) {
    door = door == Door.CLOSED ? Door.TRIED : door;
    return state(now).equals("success") && door == Door.OPEN;
  }

  /** Opens a result that had expired. */
  synchronized void renew() {
    door = Door.OPEN;
  }

  private String state(long now) {
    if (videoAt != 0 && now >= endedAt()) {
      return verdict().isPresent() ? "fail" : "success";
    }
    long waiting = Math.round(script.renderTime().toMillis() * WAITING_SHARE);
    return now < createdAt + waiting ? "waiting" : "generating";
  }

  private Optional<Verdict> verdict() {
    return script.failure().or(() -> Optional.ofNullable(accident));
  }

  private long endedAt() {
    return Math.max(videoAt, createdAt + script.renderTime().toMillis());
  }

  /** The request as text, in which the input is text again (recorded exchanges, 2026). */
  private String param() {
    ObjectNode param = request.deepCopy();
    return Envelope.text(param.put("input", Envelope.text(request.path("input"))));
  }

  private String results(URI base) {
    var results = Envelope.object();
    var urls = results.putArray("resultUrls");
    int count = script.asksFor(Oddity.NO_URL) ? 0 : script.asksFor(Oddity.TWO_RESULTS) ? 2 : 1;
    for (int i = 1; i <= count; i++) {
      urls.add(base + RESULTS + id + "-" + i + ".mp4");
    }
    return Envelope.text(results);
  }
}
