package io.klingdrop.sandbox.kie;

import io.klingdrop.sandbox.task.Envelope;
import io.klingdrop.sandbox.task.Envelope.Refusal;
import io.klingdrop.sandbox.task.SandboxAnswer;
import io.klingdrop.sandbox.task.SandboxRequest;
import java.util.Optional;
import java.util.function.Predicate;

/** Turns calls away that have no good key or the wrong headers. Thread-safe. */
public final class KieDoor {

  private final Predicate<String> goodKey;

  public KieDoor(KieTerms terms) {
    this.goodKey = terms.goodKey();
  }

  /** What a call of the API without a body is refused with, if it is. */
  public Optional<SandboxAnswer> plain(SandboxRequest request) {
    return admits(request)
        ? Optional.empty()
        : Optional.of(
            SandboxAnswer.json(Envelope.refusal(new Refusal(401, Envelope.UNAUTHORIZED))));
  }

  /** What a call of the API that brings JSON is refused with, if it is. */
  public Optional<SandboxAnswer> json(SandboxRequest request) {
    var refusal = plain(request);
    return refusal.isPresent() || request.header("Content-Type").contains("json")
        ? refusal
        : Optional.of(
            SandboxAnswer.json(
                Envelope.refusal(new Refusal(401, "You do not have access permissions"))));
  }

  /** What a call of the upload host is refused with, if it is. */
  public Optional<SandboxAnswer> upload(SandboxRequest request) {
    return admits(request)
        ? Optional.empty()
        : Optional.of(
            SandboxAnswer.json(
                Envelope.uploadRefused(
                    new Refusal(401, "Authentication failed: Invalid API Key"))));
  }

  private boolean admits(SandboxRequest request) {
    return !request.key().isEmpty() && goodKey.test(request.key());
  }
}
