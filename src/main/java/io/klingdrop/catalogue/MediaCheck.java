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

/** One file against one slot, in the words of a media person. */
record MediaCheck(MediaRole role, String taker, Limits hard, Limits soft, File file) {

  /**
   * What is known of a file; what is not known is not checked.
   *
   * @param mimeType the type found in the bytes, lower case, such as {@code image/png}
   * @param bytes its size
   * @param width pixels, for an image whose header could be read
   * @param height pixels, likewise
   * @param length playing time of a recording, where it could be measured
   */
  record File(
      String mimeType,
      long bytes,
      OptionalInt width,
      OptionalInt height,
      Optional<Duration> length) {

    boolean hasSides() {
      return width.isPresent()
          && height.isPresent()
          && width.getAsInt() > 0
          && height.getAsInt() > 0;
    }
  }

  /** A few frames of compressed sound, in seconds. */
  private static final BigDecimal FRAMES = new BigDecimal("0.1");

  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    type(findings);
    size(findings);
    against(hard, true, findings);
    // A value beyond a hard limit is told once.
    List<Finding> advice = new ArrayList<>();
    against(soft, false, advice);
    advice.removeIf(a -> findings.stream().anyMatch(f -> f.key().equals(a.key())));
    findings.addAll(advice);
    return List.copyOf(findings);
  }

  /** The refusal of the size alone. */
  Optional<Finding> tooLarge() {
    List<Finding> findings = new ArrayList<>();
    size(findings);
    return findings.stream().filter(Finding::refuses).findFirst();
  }

  private void type(List<Finding> findings) {
    List<String> taken = hard.types();
    if (taken.isEmpty() || taken.contains(file.mimeType())) {
      return;
    }
    boolean tolerated = soft.types().contains(file.mimeType());
    String said = "the %s is %s; %s".formatted(noun(), Words.clean(file.mimeType()), taker);
    note(findings, !tolerated, "type", said, Words.anyOf(taken));
  }

  private void size(List<Finding> findings) {
    long bytes = file.bytes();
    var hard = this.hard.maxSize();
    var soft = this.soft.maxSize();
    String said =
        String.format(
            Locale.ROOT,
            "the %s file has %s (%,d bytes); %s",
            noun(),
            Words.megabytes(bytes),
            bytes,
            taker);
    if (hard.isPresent() && bytes > hard.get().sure()) {
      note(findings, bytes > hard.get().utmost(), "size", said, "at most " + hard.get().text());
    } else if (soft.isPresent() && bytes > soft.get().sure()) {
      note(findings, false, "size", said, "at most " + soft.get().text());
    }
  }

  private void against(Limits limits, boolean refuse, List<Finding> findings) {
    file.length().ifPresent(value -> length(value, limits, refuse, findings));
    if (file.hasSides()) {
      sides(limits, refuse, findings);
      ratio(limits, refuse, findings);
    }
  }

  private void length(Duration value, Limits limits, boolean refuse, List<Finding> findings) {
    var seconds = BigDecimal.valueOf(value.toMillis()).movePointLeft(3);
    boolean tooShort = limits.minSeconds().filter(min -> seconds.compareTo(min) < 0).isPresent();
    boolean tooLong = limits.maxSeconds().filter(max -> seconds.compareTo(max) > 0).isPresent();
    if (tooShort || tooLong) {
      var shown = seconds.setScale(1, RoundingMode.HALF_UP);
      boolean blurred =
          limits.minSeconds().filter(min -> shown.compareTo(min) == 0).isPresent()
              || limits.maxSeconds().filter(max -> shown.compareTo(max) == 0).isPresent();
      // nobody says how a provider measures, and no stream can be cut finer than its frames
      boolean close =
          !tooShort
              && limits
                  .maxSeconds()
                  .filter(m -> seconds.subtract(m).compareTo(FRAMES) <= 0)
                  .isPresent();
      note(
          findings,
          refuse && !close,
          "length",
          "the %s is %s s long; %s".formatted(noun(), blurred ? seconds : shown, taker),
          Limits.span(
              limits.minSeconds().map(min -> Words.number(min) + " s"),
              limits.maxSeconds().map(max -> Words.number(max) + " s")));
    }
  }

  private void sides(Limits limits, boolean refuse, List<Finding> findings) {
    int shorter = Math.min(file.width().getAsInt(), file.height().getAsInt());
    int longer = Math.max(file.width().getAsInt(), file.height().getAsInt());
    boolean tooSmall = limits.minSide().isPresent() && shorter < limits.minSide().getAsInt();
    boolean tooLarge = limits.maxSide().isPresent() && longer > limits.maxSide().getAsInt();
    if (tooSmall || tooLarge) {
      note(
          findings,
          refuse,
          "side",
          "the %s has %d × %d pixels; %s"
              .formatted(noun(), file.width().getAsInt(), file.height().getAsInt(), taker),
          Limits.span(pixels(limits.minSide()), pixels(limits.maxSide())) + " on each side");
    }
  }

  private void ratio(Limits limits, boolean refuse, List<Finding> findings) {
    var ratio =
        BigDecimal.valueOf(file.width().getAsInt())
            .divide(BigDecimal.valueOf(file.height().getAsInt()), MathContext.DECIMAL64);
    boolean tooTall = limits.minRatio().filter(min -> ratio.compareTo(min) < 0).isPresent();
    boolean tooWide = limits.maxRatio().filter(max -> ratio.compareTo(max) > 0).isPresent();
    if (tooTall || tooWide) {
      note(
          findings,
          refuse,
          "ratio",
          "the %s has %d × %d pixels, a shape of %s; %s"
              .formatted(
                  noun(), file.width().getAsInt(), file.height().getAsInt(), shape(ratio), taker),
          Limits.span(
              limits.minRatio().map(MediaCheck::shape), limits.maxRatio().map(MediaCheck::shape)));
    }
  }

  private void note(List<Finding> findings, boolean refuse, String key, String said, String limit) {
    String name = role.key() + "." + key;
    findings.add(
        refuse
            ? Finding.refuse(name, said + " takes " + limit)
            : Finding.warn(
                name, said + " is documented for " + limit + "; it is sent all the same"));
  }

  private String noun() {
    return role.noun();
  }

  private static Optional<String> pixels(OptionalInt side) {
    return side.isPresent() ? Optional.of(side.getAsInt() + " pixels") : Optional.empty();
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
