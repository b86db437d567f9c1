package io.klingdrop.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * A node as the ledger knows it.
 *
 * @param version of its program
 * @param started by the database's clock
 * @param silent for how long it has not beaten, by the database's clock
 * @param alive whether its lease still runs
 * @param lanes the accounts it owns now
 * @param jobs how many jobs it works on now, those on their way to a target among them
 */
public record NodeRow(
    String name,
    String version,
    Instant started,
    Duration silent,
    boolean alive,
    State state,
    List<String> lanes,
    long jobs) {

  /** The word for one that did not end in order and whose lease is over. */
  public static final String GONE = "gone";

  public NodeRow {
    lanes = List.copyOf(lanes);
  }

  /**
   * How it is, in a word: {@code up}, {@code draining}, {@code drained}, {@code stopped}, or {@link
   * #GONE}.
   */
  public String word() {
    return alive || state == State.STOPPED ? state.name().toLowerCase(Locale.ROOT) : GONE;
  }

  /** What a node is about. */
  public enum State {
    /** It takes its share. */
    UP,
    /** It was asked to give everything away, and finishes what it has. */
    DRAINING,
    /** It has nothing left. */
    DRAINED,
    /** It ended in order. */
    STOPPED
  }
}
