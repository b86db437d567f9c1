package io.klingdrop.catalogue;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A largest size as a provider's page words it. Pages say MB and do not say whether that is 10^6 or
 * 2^20 bytes: up to the smaller reading a file is fine, above the larger one it is too large, and
 * between the two nobody knows.
 *
 * @param text as written, such as {@code 10 MB}
 * @param sure bytes that fit under either reading
 * @param utmost bytes above which no reading fits; equal to {@code sure} for KiB, MiB and GiB
 */
public record SizeLimit(String text, long sure, long utmost) {
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,6}) ?([KMG])(i?)B");

  /** Refuses a utmost size below the sure one. */
  public SizeLimit {
    if (sure < 1 || utmost < sure) {
      throw new IllegalArgumentException("a size limit needs 1 <= sure <= utmost");
    }
  }

  /** {@code 10MB}, {@code 512KiB} and the like, or empty. */
  static Optional<SizeLimit> parse(String text) {
    var matcher = SIZE.matcher(text);
    if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
      return Optional.empty();
    }
    long count = Long.parseLong(matcher.group(1));
    int power = " KMG".indexOf(matcher.group(2));
    long binary = count << (10 * power);
    long decimal = count * (long) Math.pow(1000, power);
    String unit = matcher.group(2) + matcher.group(3) + "B";
    return Optional.of(
        new SizeLimit(count + " " + unit, matcher.group(3).isEmpty() ? decimal : binary, binary));
  }
}
