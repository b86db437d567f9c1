package io.klingdrop.ledger;

/**
 * What became of a ledger's tables when they were brought up to date.
 *
 * @param from the version they had; 0 if there were none
 * @param to the version they have now: the same if they were up to date, or newer than this program
 *     and yet fit for it
 */
public record Migrated(int from, int to) {}
