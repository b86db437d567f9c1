package io.klingdrop.job;

import java.time.Instant;
import java.util.Optional;

/**
 * A lane that is closed now: the provider refuses an account, or one model of it, or a person has
 * paused the account.
 *
 * @param model empty for the whole account
 * @param cause one word, such as {@code credit}; {@link #PAUSED} if a person did it
 * @param message what the provider said, one line
 * @param probeAt when it is looked at again; without meaning if it is paused
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

  /** The cause of a lane that only a person opens. */
  public static final String PAUSED = "paused";

  /** The cause of a lane that is open again once there is room on our own disks. */
  public static final String DISK = "disk";

  /**
   * An account at which nothing is created for want of room.
   *
   * @param message what there is too little of, and where
   */
  public static ClosedLane noRoom(String provider, String message, Instant since) {
    return new ClosedLane(provider, "", DISK, message, since, since, 0);
  }

  public static ClosedLane paused(String provider, Instant since) {
    return new ClosedLane(provider, "", PAUSED, "by a person", since, since, 0);
  }

  public boolean isPaused() {
    return cause.equals(PAUSED);
  }

  /** When it is looked at again by itself; empty if it never is, or at every heartbeat. */
  public Optional<Instant> nextLook() {
    return isPaused() || cause.equals(DISK) ? Optional.empty() : Optional.of(probeAt);
  }

  /** The same lane after one more look; the next is due at {@code next}. */
  public ClosedLane probed(Instant next) {
    return new ClosedLane(provider, model, cause, message, closedAt, next, probes + 1);
  }

  /** What happened and what to do, for a log line or a terminal. */
  public String sentence() {
    if (isPaused()) {
      return "%s is paused by a person, since %s. No job is lost, nothing is charged; tasks that run"
              .formatted(provider, closedAt)
          + " are followed to their end. To go on: klingdrop resume "
          + provider;
    }
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
      case DISK ->
          "make room there. It goes on by itself; tasks that run are followed to their end.";
      case "key" -> "set the right api-key of this provider, then restart.";
      case "credit" -> "top up the account. It is tried again by itself.";
      case "cap" -> "raise the key's spending cap. It is tried again by itself.";
      case "shared" ->
          "others use this account, for this program has asked less than it may: give each its own"
              + " key, or each a part of create-rate. It is tried again by itself.";
      case "disabled" -> "this model is switched off at the provider. It is tried again by itself.";
      default -> "it is tried again by itself.";
    };
  }
}
