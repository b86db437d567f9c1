package io.klingdrop.ledger;

import org.jspecify.annotations.Nullable;

/**
 * What is known of how long one finished task ran, in milliseconds since the provider accepted it.
 *
 * @param audioMillis length of the recording, 0 if there was none
 * @param workingMillis when it was last seen unfinished; null if the first look found it finished
 * @param finishedMillis when it was seen finished
 * @param toldMillis how long it ran by the provider's own word; null if that is not known
 */
public record RunTime(
    String provider,
    String model,
    long audioMillis,
    @Nullable Long workingMillis,
    long finishedMillis,
    @Nullable Long toldMillis) {}
