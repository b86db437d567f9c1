package io.klingdrop.ledger;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Whose an account is among several nodes.
 *
 * @param node the one that submits and polls there now; null if none does
 * @param ownerless for how long at least nobody has owned it, by the database's clock; zero if
 *     somebody does
 */
public record LaneOwner(String provider, @Nullable String node, Duration ownerless) {}
