package io.klingdrop.testing;

import io.klingdrop.sandbox.kie.KieDialect;
import io.klingdrop.sandbox.task.SandboxAnswer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Turns calls away before any script sees them: at the sandbox's door, or too many of them. */
final class Gatekeeper {

  private final AtomicInteger unauthorised = new AtomicInteger();
  private final AtomicInteger throttled = new AtomicInteger();
  private final KieDialect kie;
  private volatile @Nullable RateWindow creates;
  private volatile @Nullable RateWindow polls;

  Gatekeeper(KieDialect kie) {
    this.kie = kie;
  }

  void limitCreates(int limit, Duration window) {
    creates = new RateWindow(limit, window);
  }

  void limitPolls(int limit, Duration window) {
    polls = new RateWindow(limit, window);
  }

  int unauthorised() {
    return unauthorised.get();
  }

  int throttled() {
    return throttled.get();
  }

  /** Counts an answer that asked the client to slow down. */
  void countThrottled() {
    throttled.incrementAndGet();
  }

  /** The refusal this call meets at the door, or empty when it may pass. */
  Optional<Behaviour> refusal(Call call) {
    Optional<SandboxAnswer> refusal = atTheDoor(call);
    if (refusal.isPresent()) {
      unauthorised.incrementAndGet();
      return refusal.map(CallRequest::reply).map(Answers::reply);
    }
    RateWindow window = window(call.endpoint());
    if (window != null && !window.admits(call.nanos())) {
      countThrottled();
      return Optional.of(Answers.tooFrequent());
    }
    return Optional.empty();
  }

  private Optional<SandboxAnswer> atTheDoor(Call call) {
    var request = new CallRequest(call);
    return switch (call.endpoint()) {
      case FILE, RESULT -> Optional.empty();
      case UPLOAD -> kie.uploadDoor(request);
      case CREATE_TASK, DOWNLOAD_URL -> kie.jsonDoor(request);
      case RECORD_INFO, CREDIT, UNKNOWN -> kie.door(request);
    };
  }

  private @Nullable RateWindow window(Endpoint endpoint) {
    return switch (endpoint) {
      case CREATE_TASK -> creates;
      case RECORD_INFO -> polls;
      default -> null;
    };
  }
}
