package io.klingdrop.job;

import java.time.Instant;

/**
 * That a target has confirmed to hold one result of a job. Immutable.
 *
 * @param target such as {@code file}
 * @param number of the result, from 1
 * @param location where the target keeps it
 * @param at since when
 */
public record Receipt(String target, int number, String location, Instant at) {}
