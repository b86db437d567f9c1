package io.klingdrop.job;

import java.time.Instant;

/**
 * A lane that is closed now: the provider refuses an account, or one model of it.
 *
 * @param model empty for the whole account
 * @param cause one word, such as {@code credit}
 * @param message what the provider said, one line
 * @param probeAt when it is looked at again
 * @param probes how often it was looked at since it closed
 */
public record ClosedLane(
    String provider,
    String model,
    String cause,
    String message,
    Instant closedAt,
    Instant probeAt,
    int probes) {

  /** The same lane after one more look; the next is due at {@code next}. */
  public ClosedLane probed(Instant next) {
    return new ClosedLane(provider, model, cause, message, closedAt, next, probes + 1);
  }

  /** What happened and what to do, for a log line or a terminal. */
  public String sentence() {
    return "%s is closed since %s (%s: %s). No job is lost, nothing is charged; %s"
        .formatted(
            model.isEmpty() ? provider : provider + " " + model,
            closedAt,
            cause,
            message,
            advice());
  }

  private String advice() {
    return switch (cause) {
      case "key" ->
          "check the api-key of this provider, then restart. It is tried again by itself.";
      case "credit" -> "top up the account. It is tried again by itself.";
      case "cap" -> "raise the key's spending cap. It is tried again by itself.";
      case "disabled" -> "this model is switched off at the provider. It is tried again by itself.";
      default -> "it is tried again by itself.";
    };
  }
}
