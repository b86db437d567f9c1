package io.klingdrop.budget;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The money of one UTC day: what is spent or reserved so far, and what the caps leave. Counts on by
 * itself as jobs take from it; made for one decision and used by one thread.
 */
public final class DailySpending {
  /** Sums of decimal prices are not exact; less than this is no money. */
  private static final double NOTHING = 1e-6;

  private final BudgetCaps caps;
  private final Map<String, Double> spent;
  private final Instant refilled;

  /**
   * The money of the day of {@code now}.
   *
   * @param spent credits spent or reserved so far, by profile
   */
  public DailySpending(BudgetCaps caps, Map<String, Double> spent, Instant now) {
    this.caps = caps;
    this.spent = new HashMap<>(spent);
    this.refilled = day(now).plus(1, ChronoUnit.DAYS);
  }

  /** When the UTC day of {@code now} began. */
  public static Instant day(Instant now) {
    return now.truncatedTo(ChronoUnit.DAYS);
  }

  /** The next midnight, UTC. */
  public Instant refilled() {
    return refilled;
  }

  /** Credits spent or reserved so far, of all profiles together. */
  public double spent() {
    return spent.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  /** Credits spent or reserved so far by one profile. */
  public double spent(String profile) {
    return spent.getOrDefault(profile, 0.0);
  }

  public void take(String profile, @Nullable Double estimate) {
    spent.merge(profile, estimate == null ? 0 : estimate, Double::sum);
  }

  /**
   * Why a job of that profile must wait, one sentence, if it must.
   *
   * @param estimate credits expected, null if unknown
   */
  public Optional<String> objection(String profile, @Nullable Double estimate) {
    if (!caps.concern(profile)) {
      return Optional.empty();
    }
    if (estimate == null) {
      return caps.unknownAllowed()
          ? Optional.empty()
          : Optional.of(
              "the price of this job is not known, so the cap on credits a day cannot count it; it"
                  + " waits until klingdrop.budget.unknown-price is set to allow");
    }
    var own = caps.profiles().get(profile);
    if (own != null && estimate > own - spent(profile) + NOTHING) {
      return Optional.of(reached("of profile " + profile, own, spent(profile), estimate));
    }
    var all = caps.all();
    if (all != null && estimate > all - spent() + NOTHING) {
      return Optional.of(reached("klingdrop.budget.credits-per-day", all, spent(), estimate));
    }
    return Optional.empty();
  }

  private String reached(String which, double cap, double spent, double estimate) {
    return estimate > cap + NOTHING
        ? ("the cap %s is %s credits a day and this job alone needs about %s; it waits until the"
                + " cap is raised")
            .formatted(which, text(cap), text(estimate))
        : ("the cap %s is reached: %s of %s credits are spent or reserved today (UTC) and this job"
                + " needs about %s; it waits until %s or until the cap is raised")
            .formatted(which, text(spent), text(cap), text(estimate), refilled);
  }

  public static String text(double credits) {
    return BigDecimal.valueOf(credits)
        .round(new MathContext(9))
        .stripTrailingZeros()
        .toPlainString();
  }
}
