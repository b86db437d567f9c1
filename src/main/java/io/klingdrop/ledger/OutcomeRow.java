package io.klingdrop.ledger;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An outcome that somebody is still to be told of.
 *
 * @param number grows with every outcome of this ledger
 * @param id of the message: the same however often it is sent
 * @param subject the job or lane it is about
 * @param type what happened, such as {@code io.klingdrop.job.failed.v1}
 * @param data what is told, as JSON
 * @param folder where the files of the bundle are, null if that is no folder of its own
 * @param nextTry when it is sent next, at the earliest
 * @param tries how often sending it has failed
 * @param waitsFor the endpoint that did not take it, null for none
 * @param reached the endpoints that have taken it
 * @param error why it was not sent the last time, null if it was not tried
 * @param epoch which claim of the row this is: who holds an older one changes nothing any more
 */
public record OutcomeRow(
    long number,
    Way way,
    String id,
    String subject,
    String type,
    String data,
    @Nullable String folder,
    Instant at,
    Instant nextTry,
    int tries,
    @Nullable String waitsFor,
    Set<String> reached,
    @Nullable String error,
    long epoch) {

  public OutcomeRow {
    reached = Set.copyOf(reached);
  }

  /** How somebody is told. */
  public enum Way {
    CHANNEL,
    WEBHOOK
  }
}
