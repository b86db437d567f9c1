package io.klingdrop.ledger;

import io.klingdrop.job.JobState;
import java.util.Set;

/**
 * Which due jobs somebody wants to claim.
 *
 * @param states in one of these states
 * @param provider of this account, empty for any
 * @param models of these models only, or of all but these; empty for all
 * @param except whether {@code models} are left out instead of asked for
 * @param limit how many at most; 0 or less for none
 */
public record Due(
    Set<JobState> states, String provider, Set<String> models, boolean except, int limit) {

  public Due {
    states = Set.copyOf(states);
    models = Set.copyOf(models);
  }

  /** Due jobs in these states, of all accounts and models. */
  public static Due in(Set<JobState> states, int limit) {
    return new Due(states, "", Set.of(), false, limit);
  }
}
