package io.klingdrop.budget;

import io.klingdrop.catalogue.Catalogue;
import io.klingdrop.catalogue.Profile;
import io.klingdrop.settings.Settings;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The most that may be spent in one UTC day, in credits. Immutable.
 *
 * @param all of all profiles together, null for no such cap
 * @param profiles of single profiles by name; those that are absent have no cap of their own
 * @param unknownAllowed whether jobs of unknown price go ahead under a cap, counted as nothing
 */
public record BudgetCaps(
    @Nullable Double all, Map<String, Double> profiles, boolean unknownAllowed) {
  public static final BudgetCaps NONE = new BudgetCaps(null, Map.of(), true);

  public BudgetCaps {
    profiles = Map.copyOf(profiles);
  }

  public static BudgetCaps of(Settings settings, Catalogue catalogue) {
    var profiles = new HashMap<String, Double>();
    for (var profile : catalogue.profiles()) {
      var cap = profile.creditsPerDay();
      if (cap != null) {
        profiles.put(profile.name(), cap);
      }
    }
    return of(settings, profiles);
  }

  /** The caps as the settings have them, where the profiles cannot be read. */
  public static BudgetCaps of(Settings settings) {
    return of(settings, Map.of());
  }

  private static BudgetCaps of(Settings settings, Map<String, Double> profiles) {
    var budget = settings.budget();
    return new BudgetCaps(budget.creditsPerDay(), profiles, budget.unknownPriceAllowed());
  }

  /** Whether any cap counts what that profile spends. */
  public boolean concern(String profile) {
    return all != null || profiles.containsKey(profile);
  }

  public boolean none() {
    return all == null && profiles.isEmpty();
  }

  /** What the caps cannot count, one sentence; empty if they count everything. */
  public Optional<String> blindSpot(Catalogue catalogue) {
    var unpriced =
        catalogue.profiles().stream()
            .filter(profile -> concern(profile.name()))
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
                unknownAllowed
                    ? "Their jobs are sent all the same (klingdrop.budget.unknown-price = allow)."
                    : "Their jobs wait until klingdrop.budget.unknown-price is set to allow."));
  }
}
