package io.klingdrop.submit;

import io.klingdrop.catalogue.Catalogue;
import io.klingdrop.catalogue.Profile;
import io.klingdrop.job.Job;
import io.klingdrop.job.JobLog;
import io.klingdrop.job.JobState;
import io.klingdrop.ledger.Caps;
import io.klingdrop.ledger.JobQueries;
import io.klingdrop.ledger.Ledger;
import io.klingdrop.settings.Settings;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The caps on what may be spent in a day. A job the money does not reach for stays ready; the log
 * says so once a day for each profile. Thread-safe.
 */
public final class Budget {
  private static final Logger LOG = LoggerFactory.getLogger(Budget.class);

  private final Ledger ledger;
  private final JobQueries queries;
  private final Caps caps;
  private final InstantSource clock;
  private final Set<Notice> told = ConcurrentHashMap.newKeySet();

  private record Notice(LocalDate day, String profile, boolean priced) {}

  Budget(Ledger ledger, JobQueries queries, Caps caps, InstantSource clock) {
    this.ledger = ledger;
    this.queries = queries;
    this.caps = caps;
    this.clock = clock;
  }

  /** The caps as settings and profiles have them. */
  public static Caps caps(Settings settings, Catalogue catalogue) {
    var profiles = new HashMap<String, Double>();
    for (var profile : catalogue.profiles()) {
      var cap = profile.creditsPerDay();
      if (cap != null) {
        profiles.put(profile.name(), cap);
      }
    }
    var budget = settings.budget();
    return new Caps(budget.creditsPerDay(), profiles, budget.unknownPriceAllowed());
  }

  /** What the caps cannot count, one sentence; empty if they count everything. */
  public static Optional<String> blindSpot(Caps caps, Catalogue catalogue) {
    var unpriced =
        catalogue.profiles().stream()
            .filter(profile -> caps.concern(profile.name()))
            .filter(profile -> catalogue.modelOf(profile).price().isEmpty())
            .map(Profile::name)
            .sorted()
            .toList();
    if (unpriced.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        "the cap on credits a day cannot count beforehand what these profiles cost: %s. %s"
            .formatted(
                String.join(", ", unpriced),
                caps.unknownAllowed()
                    ? "Their jobs are sent all the same (klingdrop.budget.unknown-price = allow)."
                    : "Their jobs wait until klingdrop.budget.unknown-price is set to allow."));
  }

  /** Those of the claimed jobs the money of the day reaches for; the others wait from now on. */
  List<Job> affordable(List<Job> claimed) {
    var affordable = ledger.affordable(claimed, caps);
    claimed.stream().filter(job -> !affordable.contains(job)).forEach(this::tell);
    return affordable;
  }

  /** Sets the money aside and makes the job SUBMITTING; it stays READY if there is not enough. */
  Job submitting(Job ready) {
    var after = ledger.submitting(ready, caps);
    if (after.state() == JobState.READY) {
      tell(ready);
    }
    return after;
  }

  /** Makes waiting jobs due again for which there is money by now. */
  void wake() {
    ledger.wakeHeld(caps);
  }

  private void tell(Job job) {
    var today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    if (told.add(new Notice(today, job.profile(), job.estimate() != null))) {
      queries
          .held(job.id())
          .ifPresent(
              reason ->
                  JobLog.about(
                      job.id(),
                      () ->
                          LOG.warn(
                              "{}: {}. Others of profile {} may wait as well; nothing is lost.",
                              job.label(),
                              reason,
                              job.profile())));
    }
  }
}
