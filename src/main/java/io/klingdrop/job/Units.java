package io.klingdrop.job;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Durations and sizes as people write them. */
public final class Units {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,9}) ?(KB|MB|GB|KiB|MiB|GiB|B)");
  private static final Map<String, Long> MILLIS =
      Map.of("ms", 1L, "s", 1000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);
  private static final Map<String, Long> SIZES =
      Map.of(
          "B", 1L,
          "KB", 1_000L,
          "MB", 1_000_000L,
          "GB", 1_000_000_000L,
          "KiB", 1L << 10,
          "MiB", 1L << 20,
          "GiB", 1L << 30);

  private Units() {}

  /** A duration such as {@code 500ms 5s 10m 1h 2d}; empty if it is written otherwise. */
  public static Optional<Duration> maybeDuration(String text) {
    var match = DURATION.matcher(text);
    return match.matches()
        ? Optional.of(Duration.ofMillis(Long.parseLong(match.group(1)) * millis(match.group(2))))
        : Optional.empty();
  }

  private static long millis(String unit) {
    return MILLIS.getOrDefault(unit, 1L);
  }

  /** The same, with or without blanks around it; an illegal argument if it is none. */
  public static Duration duration(String text) {
    return maybeDuration(text.strip())
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    ("'%s' is not a duration;"
                            + " write a whole number and a unit: 500ms, 5s, 10m, 1h or 2d")
                        .formatted(text)));
  }

  /** A size in bytes, such as {@code 2GB} or {@code 512MiB}; an illegal argument if it is none. */
  public static long size(String text) {
    var match = SIZE.matcher(text.strip());
    if (!match.matches()) {
      throw new IllegalArgumentException(
          "'%s' is not a size; write a whole number and a unit: 500KB, 10MB, 2GB, 10MiB"
              .formatted(text));
    }
    return Long.parseLong(match.group(1)) * SIZES.getOrDefault(match.group(2), 1L);
  }

  /** The duration as {@link #duration} reads it, in the largest unit that is exact. */
  public static String text(Duration duration) {
    var millis = duration.toMillis();
    if (millis == 0) {
      return "0s";
    }
    for (var unit : List.of("d", "h", "m", "s")) {
      if (millis % millis(unit) == 0) {
        return millis / millis(unit) + unit;
      }
    }
    return millis + "ms";
  }

  /** The size for a person, such as {@code 4.2 MB}. */
  public static String text(long bytes) {
    if (bytes < 1000) {
      return bytes + " B";
    }
    var value = bytes / 1000.0;
    for (var unit : new String[] {"kB", "MB"}) {
      if (value < 999.95) {
        return String.format(Locale.ROOT, "%.1f %s", value, unit);
      }
      value /= 1000;
    }
    return String.format(Locale.ROOT, "%.1f GB", value);
  }
}
