package io.klingdrop.job;

import org.jspecify.annotations.Nullable;

/**
 * Why a job failed.
 *
 * @param failureClass the channel it goes to
 * @param code the provider's failCode or business code as text, null where no provider spoke
 * @param message one sentence for a person, one line, no secrets
 * @param httpStatus the HTTP status of the deciding answer, null where there was none
 * @param charged whether money was taken
 */
public record Failure(
    FailureClass failureClass,
    @Nullable String code,
    String message,
    @Nullable Integer httpStatus,
    Charged charged) {

  public Failure {
    message = Text.oneLine(message, 2000);
    code = code == null ? null : Text.oneLine(code, 100);
  }

  /** A failure no provider had a part in, charged as its class says. */
  public static Failure of(FailureClass failureClass, String message) {
    return new Failure(failureClass, null, message, null, failureClass.chargedByDefault());
  }
}
