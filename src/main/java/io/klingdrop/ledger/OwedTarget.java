package io.klingdrop.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A target that does not have all results of a job yet. Immutable.
 *
 * @param target such as {@code s3}
 * @param tries how often it has refused in a row
 * @param said why, null if it has not refused
 * @param givenUp whether it is not tried any more
 * @param nextTry when it is tried next, unless it is given up
 */
public record OwedTarget(
    String target, int tries, @Nullable String said, boolean givenUp, Instant nextTry) {}
