package io.klingdrop.media;

import java.time.Duration;
import java.util.Optional;

/** Playing times from the units a container counts in, safe against any number it may claim. */
final class Lengths {
  private static final long LONGEST_SECONDS = 1_000 * 3_600;

  private Lengths() {}

  /**
   * @param units samples or ticks
   * @param perSecond how many of them make a second
   * @return empty when nothing is claimed
   * @throws MediaException when the claim is beyond 1,000 hours or has no rate
   */
  static Optional<Duration> optional(FileBytes file, long units, long perSecond)
      throws MediaException {
    if (units == 0) {
      return Optional.empty();
    }
    if (units < 0 || perSecond <= 0 || perSecond > 0xffff_ffffL) {
      throw file.damaged("it claims an impossible length");
    }
    var seconds = units / perSecond;
    if (seconds > LONGEST_SECONDS) {
      throw file.damaged("it claims a length of more than 1,000 hours");
    }
    var length = Duration.ofSeconds(seconds, units % perSecond * 1_000_000_000L / perSecond);
    return length.isZero() ? Optional.empty() : Optional.of(length);
  }

  /** The same for a recording, which must have a length. */
  static Duration of(FileBytes file, long units, long perSecond) throws MediaException {
    return optional(file, units, perSecond).orElseThrow(() -> silent(file));
  }

  static MediaException silent(FileBytes file) {
    return new MediaException("the %s holds no sound".formatted(file.kind().noun()));
  }
}
