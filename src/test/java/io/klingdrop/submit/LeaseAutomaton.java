package io.klingdrop.submit;

import static java.util.stream.Collectors.joining;

import io.klingdrop.submit.TwoNodes.Kind;
import io.klingdrop.submit.TwoNodes.Pause;
import io.klingdrop.submit.TwoNodes.Switch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Goes through the schedules of {@link TwoNodes}, depth first. For one thread. */
public final class LeaseAutomaton {
  private final TwoNodes nodes;
  private final List<Level> levels;
  private long runs;

  /**
   * The switches of one depth.
   *
   * @param at part of the names of the methods they may be in; empty for all
   */
  private record Level(List<Pause> pauses, int every, String at) {

    /** {@code PAUSE[/EVERY][@METHOD]}, with ALL for all pauses. */
    static Level of(String text) {
      var at = text.split("@", 2);
      var every = at[0].split("/", 2);
      return new Level(
          every[0].equals("ALL") ? Arrays.asList(Pause.values()) : List.of(Pause.valueOf(every[0])),
          every.length > 1 ? Integer.parseInt(every[1]) : 1,
          at.length > 1 ? at[1] : "");
    }
  }

  private LeaseAutomaton(TwoNodes nodes, List<Level> levels) {
    this.nodes = nodes;
    this.levels = levels;
  }

  /**
   * What is found, the first fault ending the search of its kind; the last line says how many
   * schedules there were.
   *
   * @param kinds the kinds of account, by name, separated by a space
   * @param levels for each depth which switches are tried, separated by a space
   */
  public static List<String> search(String folder, String kinds, String levels) {
    try (var nodes = new TwoNodes(Path.of(folder))) {
      var found = new ArrayList<String>();
      var all = Arrays.stream(levels.split(" ", -1)).filter(one -> !one.isEmpty());
      var automaton = new LeaseAutomaton(nodes, all.map(Level::of).toList());
      for (var kind : kinds.split(" ", -1)) {
        automaton.dive(Kind.valueOf(kind), List.of(), found);
      }
      found.add(automaton.runs + " schedules");
      return found;
    }
  }

  private boolean dive(Kind kind, List<Switch> plan, List<String> found) {
    runs += 1;
    var deeper = plan.size() < levels.size();
    var outcome = nodes.run(kind, plan, deeper && !levels.get(plan.size()).at().isEmpty());
    if (!outcome.faults().isEmpty()) {
      var way = plan.stream().map(Switch::toString).collect(joining(" "));
      found.add(kind + " " + way + ": " + String.join("; ", outcome.faults()));
      return true;
    }
    if (!deeper) {
      return false;
    }
    var level = levels.get(plan.size());
    var places =
        outcome.stops().stream().filter(one -> one.methods().contains(level.at())).toList();
    for (int n = 0; n < places.size(); n += level.every()) {
      for (var pause : level.pauses()) {
        var longer = new ArrayList<>(plan);
        longer.add(new Switch(places.get(n).stop(), pause));
        if (dive(kind, List.copyOf(longer), found)) {
          return true;
        }
      }
    }
    return false;
  }
}
