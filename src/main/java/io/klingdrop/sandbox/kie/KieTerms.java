package io.klingdrop.sandbox.kie;

import io.klingdrop.sandbox.task.TaskDesk;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The terms on which the dialect is spoken.
 *
 * @param goodKey tells the bearer keys that are accepted; never asked about an empty one
 * @param knownModel tells the model ids that createTask accepts
 * @param files finds the file behind an address that a request names
 * @param balance what is left of the account that pays for the tasks on the desk
 */
public record KieTerms(
    Predicate<String> goodKey,
    Predicate<String> knownModel,
    Function<String, Optional<Path>> files,
    Function<TaskDesk, BigDecimal> balance) {}
