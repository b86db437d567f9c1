package io.klingdrop.settings;

import java.net.URI;
import java.time.Duration;

/**
 * One provider account.
 *
 * @param name such as {@code kie}
 * @param apiKey the secret, empty if none is set; never printed
 * @param createTimeout after which a createTask answer counts as lost
 */
public record ProviderSettings(
    String name,
    URI baseUrl,
    URI uploadUrl,
    String apiKey,
    Rate createRate,
    Rate pollRate,
    int maxInFlight,
    Duration createTimeout,
    Duration pollTimeout,
    Duration uploadTimeout) {

  @Override
  public String toString() {
    return "ProviderSettings[" + name + " at " + baseUrl + "]";
  }
}
