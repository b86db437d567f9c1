package io.klingdrop.testing;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Turns calls away before any script sees them: wrong key, wrong headers, too many of them. */
final class Gatekeeper {

  private final AtomicInteger unauthorised = new AtomicInteger();
  private final AtomicInteger throttled = new AtomicInteger();
  private volatile String key;
  private volatile @Nullable RateWindow creates;
  private volatile @Nullable RateWindow polls;

  Gatekeeper(String key) {
    this.key = key;
  }

  String key() {
    return key;
  }

  void useKey(String other) {
    key = other;
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
    Endpoint endpoint = call.endpoint();
    if (endpoint.isStorage()) {
      return Optional.empty();
    }
    if (!call.header("Authorization").equals(Optional.of("Bearer " + key))) {
      unauthorised.incrementAndGet();
      return Optional.of(wrongKey(endpoint));
    }
    if (expectsJson(endpoint) && !call.header("Content-Type").orElse("").contains("json")) {
      unauthorised.incrementAndGet();
      return Optional.of(Answers.envelope(401, "You do not have access permissions"));
    }
    RateWindow window = window(endpoint);
    if (window != null && !window.admits(call.nanos())) {
      countThrottled();
      return Optional.of(Answers.tooFrequent());
    }
    return Optional.empty();
  }

  private @Nullable RateWindow window(Endpoint endpoint) {
    return switch (endpoint) {
      case CREATE_TASK -> creates;
      case RECORD_INFO -> polls;
      default -> null;
    };
  }

  private static boolean expectsJson(Endpoint endpoint) {
    return endpoint == Endpoint.CREATE_TASK || endpoint == Endpoint.DOWNLOAD_URL;
  }

  private static Behaviour wrongKey(Endpoint endpoint) {
    return endpoint == Endpoint.UPLOAD
        ? Answers.reply(
            Reply.json(Envelopes.uploadRefusal(401, "Authentication failed: Invalid API Key")))
        : Answers.unauthorised();
  }
}
