package io.klingdrop.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A free step of a job that has been refused and is tried again. Immutable.
 *
 * @param target where the results were to go, null for every step but delivering
 * @param tries how often it was refused in a row, at least once
 * @param since when it was refused first
 * @param said why it was refused last
 * @param givenUp whether it is not tried any more
 * @param nextTry when it is tried next, unless it is given up
 */
public record Trouble(
    @Nullable String target,
    int tries,
    Instant since,
    String said,
    boolean givenUp,
    Instant nextTry) {}
