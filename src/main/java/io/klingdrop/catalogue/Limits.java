package io.klingdrop.catalogue;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a media file may be; whatever is absent is not limited. A slot has two of these: one whose
 * breach is refused and one whose breach is only told.
 *
 * @param types MIME types, empty for any
 * @param maxSize the largest file
 * @param seconds the length of a recording
 * @param pixels of each side
 * @param ratio width divided by height
 */
public record Limits(
    List<String> types, Optional<SizeLimit> maxSize, Range seconds, Range pixels, Range ratio) {

  public Limits {
    types = List.copyOf(types);
  }

  /** The largest size, if that many bytes may be more. */
  Optional<SizeLimit> exceeded(long bytes) {
    return maxSize.filter(limit -> bytes > limit.sure());
  }

  /** From the least to the most, both inclusive. */
  public record Range(Optional<BigDecimal> least, Optional<BigDecimal> most) {
    boolean below(BigDecimal value) {
      return least.filter(bound -> value.compareTo(bound) < 0).isPresent();
    }

    boolean above(BigDecimal value) {
      return most.filter(bound -> value.compareTo(bound) > 0).isPresent();
    }

    boolean endsAt(BigDecimal value) {
      return least.filter(bound -> value.compareTo(bound) == 0).isPresent()
          || most.filter(bound -> value.compareTo(bound) == 0).isPresent();
    }

    /** {@code 2 s to 60 s}, {@code at most 60 s}, {@code at least 2 s}. */
    String words(Function<BigDecimal, String> word) {
      var from = least.map(word).orElse("nothing");
      if (most.isEmpty()) {
        return "at least " + from;
      }
      return (least.isPresent() ? from + " to " : "at most ") + word.apply(most.get());
    }
  }
}
