package io.klingdrop.catalogue;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a media file may be; whatever is absent is not limited. A slot has two of these: one whose
 * breach is refused and one whose breach is only told.
 *
 * @param types MIME types, empty for any
 * @param maxSize the largest file
 * @param minSeconds the shortest recording, inclusive
 * @param maxSeconds the longest recording, inclusive
 * @param minSide the fewest pixels of the shorter side
 * @param maxSide the most pixels of the longer side
 * @param minRatio the least width divided by height
 * @param maxRatio the greatest width divided by height
 */
public record Limits(
    List<String> types,
    Optional<SizeLimit> maxSize,
    Optional<BigDecimal> minSeconds,
    Optional<BigDecimal> maxSeconds,
    OptionalInt minSide,
    OptionalInt maxSide,
    Optional<BigDecimal> minRatio,
    Optional<BigDecimal> maxRatio) {

  /** Copies the types. */
  public Limits {
    types = List.copyOf(types);
  }

  /** {@code 2 s to 60 s}, {@code at most 60 s}, {@code at least 2 s}. */
  static String span(Optional<String> least, Optional<String> most) {
    if (least.isPresent() && most.isPresent()) {
      return least.get() + " to " + most.get();
    }
    return most.map(m -> "at most " + m).orElseGet(() -> "at least " + least.orElse("nothing"));
  }
}
