package io.klingdrop.catalogue;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a folder of the inbox stands for: a model and what to ask of it. Immutable.
 *
 * @param description one sentence for the people who use the folder, may be empty
 * @param parameters what every request of this profile starts from
 * @param sidecarRequired whether a bundle waits for a sidecar
 * @param targets where results go, empty for the general setting
 * @param generationRetries how often a generation that failed for free is paid for again, 0 for
 *     never
 * @param creditsPerDay the most this profile may spend in one UTC day, null for no cap of its own
 * @param origin the file it came from
 */
public record Profile(
    String name,
    String description,
    String provider,
    String model,
    Parameters parameters,
    boolean sidecarRequired,
    List<String> targets,
    int generationRetries,
    @Nullable Double creditsPerDay,
    String origin) {
  public Profile {
    targets = List.copyOf(targets);
  }
}
