package io.klingdrop.ledger;

import io.klingdrop.job.Job;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The results of one job on their way to one target: a row as it was claimed. Immutable.
 *
 * @param target such as {@code file}
 * @param tries how often the target has refused in a row
 * @param troubleSince since when it has refused, null if it has not
 * @param said what it said the last time, null if nothing
 * @param epoch which claim of the row this is: who holds an older one changes nothing any more
 */
public record Shipment(
    Job job,
    String target,
    int tries,
    @Nullable Instant troubleSince,
    @Nullable String said,
    long epoch) {}
