package io.klingdrop.catalogue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** One file against one slot, in the words of a media person. */
record MediaCheck(MediaRole role, String taker, Limits hard, Limits soft, File file) {

  /**
   * What is known of a file: the type found in its bytes, pixels of an image, length of a
   * recording. What is not known is not checked.
   */
  record File(
      String mimeType,
      long bytes,
      OptionalInt width,
      OptionalInt height,
      Optional<Duration> length) {

    boolean hasSides() {
      return wide() > 0 && high() > 0;
    }

    private int wide() {
      return width.orElse(0);
    }

    private int high() {
      return height.orElse(0);
    }
  }

  /** A few frames of compressed sound, in seconds. */
  private static final BigDecimal FRAMES = new BigDecimal("0.1");

  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    Stream.of(type(), size()).flatMap(Optional::stream).forEach(findings::add);
    findings.addAll(against(hard, true));
    // a value beyond a hard limit is told once
    var told = findings.stream().map(Finding::key).toList();
    against(soft, false).stream().filter(a -> !told.contains(a.key())).forEach(findings::add);
    return List.copyOf(findings);
  }

  Optional<Finding> tooLarge() {
    return size().filter(Finding::refuses);
  }

  private Optional<Finding> type() {
    List<String> taken = hard.types();
    if (taken.isEmpty() || taken.contains(file.mimeType())) {
      return Optional.empty();
    }
    boolean tolerated = soft.types().contains(file.mimeType());
    String said = "the %s is %s".formatted(role.noun(), Words.clean(file.mimeType()));
    return finding(!tolerated, "type", said, Words.anyOf(taken));
  }

  private Optional<Finding> size() {
    long bytes = file.bytes();
    var beyond = hard.exceeded(bytes).or(() -> soft.exceeded(bytes));
    boolean refuse = hard.exceeded(bytes).filter(limit -> bytes > limit.utmost()).isPresent();
    return beyond.flatMap(
        limit ->
            finding(
                refuse,
                "size",
                String.format(
                    Locale.ROOT,
                    "the %s file has %s (%,d bytes)",
                    role.noun(),
                    Words.megabytes(bytes),
                    bytes),
                "at most " + limit.text()));
  }

  private List<Finding> against(Limits limits, boolean refuse) {
    var length = file.length().flatMap(value -> length(value, limits.seconds(), refuse));
    return file.hasSides()
        ? Stream.of(length, sides(limits.pixels(), refuse), ratio(limits.ratio(), refuse))
            .flatMap(Optional::stream)
            .toList()
        : length.stream().toList();
  }

  private Optional<Finding> length(Duration length, Limits.Range range, boolean refuse) {
    var seconds = BigDecimal.valueOf(length.toMillis()).movePointLeft(3);
    if (!range.below(seconds) && !range.above(seconds)) {
      return Optional.empty();
    }
    var rounded = seconds.setScale(1, RoundingMode.HALF_UP);
    var shown = range.endsAt(rounded) ? seconds : rounded;
    // nobody says how a provider measures, and no stream can be cut finer than its frames
    boolean close = !range.below(seconds) && !range.above(seconds.subtract(FRAMES));
    return finding(
        refuse && !close,
        "length",
        "the %s is %s s long".formatted(role.noun(), shown),
        range.words(bound -> Words.number(bound) + " s"));
  }

  private Optional<Finding> sides(Limits.Range range, boolean refuse) {
    var shorter = BigDecimal.valueOf(Math.min(file.wide(), file.high()));
    var longer = BigDecimal.valueOf(Math.max(file.wide(), file.high()));
    return range.below(shorter) || range.above(longer)
        ? finding(
            refuse,
            "side",
            "the %s has %d × %d pixels".formatted(role.noun(), file.wide(), file.high()),
            range.words(bound -> bound + " pixels") + " on each side")
        : Optional.empty();
  }

  private Optional<Finding> ratio(Limits.Range range, boolean refuse) {
    var ratio =
        BigDecimal.valueOf(file.wide())
            .divide(BigDecimal.valueOf(file.high()), MathContext.DECIMAL64);
    return range.below(ratio) || range.above(ratio)
        ? finding(
            refuse,
            "ratio",
            "the %s has %d × %d pixels, a shape of %s"
                .formatted(role.noun(), file.wide(), file.high(), shape(ratio)),
            range.words(MediaCheck::shape))
        : Optional.empty();
  }

  private Optional<Finding> finding(boolean refuse, String key, String said, String limit) {
    String name = role.key() + "." + key;
    String taken = said + "; " + taker;
    return Optional.of(
        refuse
            ? Finding.refuse(name, taken + " takes " + limit)
            : Finding.warn(
                name, taken + " is documented for " + limit + "; it is sent all the same"));
  }

  /** Width to height with the smaller number 1: {@code 1:2.5} or {@code 2.5:1}. */
  private static String shape(BigDecimal ratio) {
    if (ratio.compareTo(BigDecimal.ONE) >= 0) {
      return Words.number(ratio.setScale(2, RoundingMode.HALF_UP)) + ":1";
    }
    var inverse = BigDecimal.ONE.divide(ratio, 2, RoundingMode.HALF_UP);
    return "1:" + Words.number(inverse);
  }
}
