package io.klingdrop.health;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toCollection;

import io.klingdrop.health.HealthReport.Check;
import io.klingdrop.ledger.LaneOwner;
import io.klingdrop.ledger.LedgerException;
import io.klingdrop.ledger.Whereabouts;
import io.klingdrop.node.Membership;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How this node stands among others: whether it takes its share, and whether an account that it can
 * use has no owner. Where the ledger is a file it only knows whether the service stops.
 * Thread-safe.
 */
public final class NodeWatch {
  private static final Logger LOG = LoggerFactory.getLogger(NodeWatch.class);

  /** It is the lack of a minute that is looked for. */
  private static final Duration PERIOD = Duration.ofSeconds(5);

  private final Membership node;
  private final Whereabouts whereabouts;
  private final Set<String> accounts;
  private final Duration patience;
  private volatile boolean stopping;
  private volatile List<LaneOwner> ownerless = List.of();
  private Instant next = Instant.MIN;

  /**
   * Of this node.
   *
   * @param accounts those it can use
   * @param lease how long a silent node keeps its accounts; twice that long one may have no owner
   */
  public NodeWatch(Membership node, Whereabouts whereabouts, Set<String> accounts, Duration lease) {
    this.node = node;
    this.whereabouts = whereabouts;
    this.accounts = Set.copyOf(accounts);
    this.patience = lease.multipliedBy(2);
  }

  /** From now on the service stops. */
  public void stopping() {
    stopping = true;
    node.leavesSoon();
  }

  /** Looks now and then for accounts without an owner; says aloud when there are new ones. */
  void look(Instant now) {
    if (!node.shared() || now.isBefore(next)) {
      return;
    }
    next = now.plus(PERIOD);
    try {
      var before = names(ownerless);
      ownerless =
          whereabouts.lanes().stream()
              .filter(lane -> accounts.contains(lane.provider()))
              .filter(lane -> lane.ownerless().compareTo(patience) > 0)
              .toList();
      var after = names(ownerless);
      if (!before.containsAll(after)) {
        LOG.warn("{}. See: klingdrop nodes", said());
      } else if (after.isEmpty() && !before.isEmpty()) {
        LOG.info("every account has an owner again");
      }
    } catch (LedgerException e) {
      LOG.debug("nobody knows whose the accounts are", e);
    }
  }

  private static Set<String> names(List<LaneOwner> lanes) {
    return lanes.stream().map(LaneOwner::provider).collect(toCollection(TreeSet::new));
  }

  private String said() {
    return ownerless.stream()
        .map(
            lane ->
                "no node has owned the account %s for %d s: its jobs wait"
                    .formatted(lane.provider(), lane.ownerless().toSeconds()))
        .collect(joining("; "));
  }

  /** How it stands; returns at once. Empty if it is the only node of its ledger and goes on. */
  Optional<Check> check() {
    if (stopping) {
      return Optional.of(
          check(false, "klingdrop stops: nothing new begins, calls under way are finished"));
    }
    if (!node.shared()) {
      return Optional.empty();
    }
    if (node.cutOff()) {
      return Optional.of(
          check(
              false,
              "node %s: the database has not answered for %d s; nothing is taken up or sent"
                  .formatted(node.name(), node.silent().toSeconds())));
    }
    if (node.draining()) {
      return Optional.of(
          check(
              false,
              "node %s gives everything away, as a person asked; klingdrop drain --undo ends that"
                  .formatted(node.name())));
    }
    var own = new TreeSet<>(node.lanes());
    var words =
        "node %s %s"
            .formatted(
                node.name(),
                own.isEmpty()
                    ? "owns no account, and works on files"
                    : "owns " + String.join(", ", own));
    return Optional.of(check(true, ownerless.isEmpty() ? words : words + "; " + said()));
  }

  private static Check check(boolean well, String said) {
    return new Check("node", well, said);
  }
}
