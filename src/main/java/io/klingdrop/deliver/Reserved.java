package io.klingdrop.deliver;

import io.klingdrop.job.Job;
import io.klingdrop.ledger.ChosenNames;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The names at one target that jobs are about to take: no two jobs have the same. The ledger is
 * asked too where other nodes choose names there. Thread-safe.
 */
final class Reserved {
  private final String target;
  private final @Nullable ChosenNames others;
  private final Map<String, String> here = new HashMap<>();

  /** For one target; {@code others} is null where nobody else chooses. */
  Reserved(String target, @Nullable ChosenNames others) {
    this.target = target;
    this.others = others;
  }

  /** Whether other nodes choose names as well. */
  boolean withOthers() {
    return others != null;
  }

  /** Whether no other job of this node has any of these names. */
  synchronized boolean mayTake(Job job, List<String> names) {
    return names.stream().allMatch(name -> job.id().equals(here.getOrDefault(name, job.id())));
  }

  /** Takes all of them, or none: false if another job has one. */
  synchronized boolean take(Job job, List<String> names) {
    if (!mayTake(job, names)) {
      return false;
    }
    var known = names.stream().allMatch(here::containsKey);
    if (!known && others != null && !others.take(target, names, job.id())) {
      return false;
    }
    names.forEach(name -> here.put(name, job.id()));
    return true;
  }

  /** The job's files have their names now; others may look at them again. */
  synchronized void release(Job job) {
    if (here.values().removeIf(id -> id.equals(job.id())) && others != null) {
      others.release(target, job.id());
    }
  }
}
