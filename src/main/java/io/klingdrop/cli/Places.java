package io.klingdrop.cli;

import static java.util.stream.Collectors.joining;

import io.klingdrop.job.Job;
import io.klingdrop.job.JobState;
import io.klingdrop.ledger.Database;
import io.klingdrop.ledger.NodeRow;
import io.klingdrop.ledger.NodeRows;
import io.klingdrop.ledger.Whereabouts;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * At which node jobs are, where several share the ledger; else it has nothing to say.
 *
 * @param nodes those of the last day; empty where there are not several
 * @param holders the node that has a job in hand, by the job's id
 * @param owners the node that submits and polls at an account, by its name
 */
record Places(List<NodeRow> nodes, Map<String, String> holders, Map<String, String> owners) {

  static Places of(Database database) {
    var nodes =
        database.shared()
            ? new NodeRows(database, InstantSource.system()).all()
            : List.<NodeRow>of();
    if (nodes.size() < 2) {
      return new Places(List.of(), Map.of(), Map.of());
    }
    var whereabouts = new Whereabouts(database, InstantSource.system());
    var owners = new HashMap<String, String>();
    for (var lane : whereabouts.lanes()) {
      if (lane.node() != null) {
        owners.put(lane.provider(), lane.node());
      }
    }
    return new Places(nodes, whereabouts.holders(), owners);
  }

  /** One line about all of them. */
  Optional<String> line() {
    return nodes.isEmpty()
        ? Optional.empty()
        : Optional.of(
            nodes.stream()
                .map(node -> node.name() + " " + node.word())
                .collect(joining(", ", "nodes: ", "; see: klingdrop nodes")));
  }

  /** Where that job is, in a word or two for a list. */
  String brief(Job job) {
    var holder = holders.get(job.id());
    if (holder != null) {
      return "at " + holder + "  ";
    }
    var owner = owner(job);
    return owner == null ? "" : "lane of " + owner + "  ";
  }

  /** The same as a sentence. */
  Optional<String> sentence(Job job) {
    if (nodes.isEmpty()) {
      return Optional.empty();
    }
    var holder = holders.get(job.id());
    if (holder != null) {
      return Optional.of("node %s has it in hand".formatted(holder));
    }
    if (!waitsForLane(job)) {
      return Optional.empty();
    }
    var owner = owner(job);
    return Optional.of(
        owner == null
            ? "no node owns the account %s now".formatted(job.provider())
            : "node %s owns the account %s".formatted(owner, job.provider()));
  }

  private @Nullable String owner(Job job) {
    return waitsForLane(job) ? owners.get(job.provider()) : null;
  }

  /** Whether the owner of its account has the next step. */
  private static boolean waitsForLane(Job job) {
    return job.state() == JobState.READY
        || job.state() == JobState.SUBMITTING
        || job.state() == JobState.RUNNING
        || job.state() == JobState.SUBMIT_UNKNOWN;
  }
}
