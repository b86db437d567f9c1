package io.klingdrop.redrive;

import io.klingdrop.job.Suggest;
import io.klingdrop.ledger.LaneRows;
import io.klingdrop.settings.ProviderSettings;
import io.klingdrop.settings.Settings;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Pauses and resumes a provider's account at a person's word. It is written to the ledger; the
 * running service obeys at its next heartbeat, and before each task it creates.
 */
public record Pauses(Settings settings, LaneRows rows, InstantSource clock) {
  /** Why nothing can be done to a lane of that name; empty if there is one. */
  public Optional<String> objection(String provider) {
    var names = settings.providers().stream().map(ProviderSettings::name).toList();
    return names.contains(provider)
        ? Optional.empty()
        : Optional.of(
            "there is no provider %s%s. There are: %s"
                .formatted(provider, Suggest.hint(provider, names), String.join(", ", names)));
  }

  /**
   * No task is created at that account from now on; what is being submitted is finished.
   *
   * @return what to tell the person
   */
  public String pause(String provider) {
    return rows.pause(provider, clock.instant())
        ? "%s is paused: no task is created there, jobs wait, tasks that run are followed to their end. To go on: klingdrop resume %s"
            .formatted(provider, provider)
        : provider + " was paused already.";
  }

  /**
   * Jobs go to that account again, unless the provider itself has it closed.
   *
   * @return what to tell the person
   */
  public String resume(String provider) {
    var resumed = rows.resume(provider, clock.instant());
    var said = resumed ? provider + " goes on." : provider + " was not paused.";
    return rows.closed().stream()
        .filter(lane -> lane.provider().equals(provider))
        .findFirst()
        .map(lane -> said + " But " + lane.sentence())
        .orElse(said);
  }
}
