package io.klingdrop.provider;

import java.time.Instant;
import java.util.function.Predicate;

/**
 * What is known of a task whose createTask answer was lost, to be held against what the provider
 * says about the task a callback named.
 *
 * @param externalId the id we gave it
 * @param since it was created at or after this
 * @param calledAt whether an address is the one it was told to call back at
 */
public record TaskEvidence(String externalId, Instant since, Predicate<String> calledAt) {}
