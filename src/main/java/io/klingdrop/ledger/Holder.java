package io.klingdrop.ledger;

import io.klingdrop.job.Job;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who claims work of the ledger: one node, and what of it this process knows it has. A lease that
 * nobody here knows of, because the answer to its claim was lost, is never renewed and ends soon.
 * Thread-safe.
 */
public final class Holder {
  private final NodeId node;
  private final @Nullable Duration renewed;
  private final Set<Piece> inHand = ConcurrentHashMap.newKeySet();

  /**
   * One row under a lease.
   *
   * @param table {@code job}, {@code shipment} or {@code outcome}
   * @param key the job's id, or the outcome's number
   * @param part the target of a shipment, the way of an outcome, else empty
   */
  private record Piece(String table, String key, String part) {}

  private Holder(NodeId node, @Nullable Duration renewed) {
    this.node = node;
    this.renewed = renewed;
  }

  /** The only node of its ledger: it claims for as long as a stage says, and renews nothing. */
  public static Holder alone(NodeId node) {
    return new Holder(node, null);
  }

  /** One of several nodes: whatever it claims is its own for that long, and is renewed. */
  public static Holder renewing(NodeId node, Duration lease) {
    return new Holder(node, lease);
  }

  /** Whether it is the only node of its ledger. */
  boolean isAlone() {
    return renewed == null;
  }

  /** The node's name, which stands in the rows. */
  public String name() {
    return node.text();
  }

  /** For how long something is claimed that may take {@code usual}. */
  long millis(Duration usual) {
    return (renewed == null ? usual : renewed).toMillis();
  }

  /**
   * Somebody here begins with what was claimed.
   *
   * @return false if it is being worked on here already, so that this claim is to be let go
   */
  public boolean begins(Object claimed) {
    return inHand.add(piece(claimed));
  }

  /** Nobody here works on it any more. */
  public void ends(Object claimed) {
    inHand.remove(piece(claimed));
  }

  /** How much is worked on here. */
  public int inHand() {
    return inHand.size();
  }

  private static Piece piece(Object claimed) {
    if (claimed instanceof Job job) {
      return new Piece("job", job.id(), "");
    }
    if (claimed instanceof Shipment shipment) {
      return new Piece("shipment", shipment.job().id(), shipment.target());
    }
    if (claimed instanceof OutcomeRow row) {
      return new Piece("outcome", Long.toString(row.number()), row.way().name());
    }
    // an operator's own kind of work, which is under no lease of ours
    return new Piece("", String.valueOf(claimed), "");
  }

  /** The keys of what is worked on here, of one table. */
  Set<String> keys(String table) {
    return inHand.stream()
        .filter(piece -> piece.table().equals(table))
        .map(Piece::key)
        .collect(Collectors.toSet());
  }
}
