package io.klingdrop.catalogue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** Durations and ratios as people write them in catalogue files. */
final class Measures {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
  private static final Pattern RATIO =
      Pattern.compile("([0-9]{1,5}(?:\\.[0-9]{1,5})?)(?::([0-9]{1,5}(?:\\.[0-9]{1,5})?))?");

  private Measures() {}

  /** {@code 500ms 5s 10m 1h 2d}, or empty. */
  static Optional<Duration> duration(String text) {
    var matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long count = Long.parseLong(matcher.group(1));
    return Optional.of(
        switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(count);
          case "s" -> Duration.ofSeconds(count);
          case "m" -> Duration.ofMinutes(count);
          case "h" -> Duration.ofHours(count);
          default -> Duration.ofDays(count);
        });
  }

  /** {@code 2.5} or {@code 1:2.5} as width divided by height, above zero, or empty. */
  static Optional<BigDecimal> ratio(String text) {
    var matcher = RATIO.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    var width = new BigDecimal(matcher.group(1));
    var height = matcher.group(2) == null ? BigDecimal.ONE : new BigDecimal(matcher.group(2));
    return width.signum() == 0 || height.signum() == 0
        ? Optional.empty()
        : Optional.of(width.divide(height, MathContext.DECIMAL64));
  }
}
