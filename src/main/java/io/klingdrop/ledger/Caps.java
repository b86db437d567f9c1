package io.klingdrop.ledger;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The most that may be spent in one UTC day, in credits. Immutable.
 *
 * @param all of all profiles together, null for no such cap
 * @param profiles of single profiles by name; those that are absent have no cap of their own
 * @param unknownAllowed whether jobs of unknown price go ahead under a cap, counted as nothing
 */
public record Caps(@Nullable Double all, Map<String, Double> profiles, boolean unknownAllowed) {
  /** No cap at all. */
  public static final Caps NONE = new Caps(null, Map.of(), true);

  public Caps {
    profiles = Map.copyOf(profiles);
  }

  /** Whether any cap counts what that profile spends. */
  public boolean concern(String profile) {
    return all != null || profiles.containsKey(profile);
  }

  /** Whether there is no cap. */
  public boolean none() {
    return all == null && profiles.isEmpty();
  }
}
