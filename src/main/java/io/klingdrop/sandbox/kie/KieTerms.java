package io.klingdrop.sandbox.kie;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The terms on which the dialect is spoken.
 *
 * @param goodKey tells the bearer keys that are accepted; never asked about an empty one
 * @param knownModel tells the model ids that createTask accepts
 * @param files finds the file behind an address that a request names
 * @param balance what is left of an account that has spent so many credits
 */
public record KieTerms(
    Predicate<String> goodKey,
    Predicate<String> knownModel,
    Function<String, Optional<Path>> files,
    DoubleFunction<BigDecimal> balance) {}
