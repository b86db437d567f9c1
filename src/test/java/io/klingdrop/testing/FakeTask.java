package io.klingdrop.testing;

import io.klingdrop.testing.TaskPlan.Failure;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One task at the provider, moving on by clock, by poll or by hand. Safe for many threads. */
final class FakeTask {

  /** How a task ended: well when there is no failure. */
  private record Ending(Instant at, String word, @Nullable Failure failure) {}

  /**
   * What a poll may see.
   *
   * @param state the state word
   * @param endedAt null while it runs
   * @param failure null unless it failed
   */
  record Sight(String state, @Nullable Instant endedAt, @Nullable Failure failure) {

    boolean succeeded() {
      return endedAt != null && failure == null;
    }
  }

  private static final Failure UNSAID =
      new Failure("500", "Internal Error, Please try again later.", 0);

  private final AcceptedTask accepted;
  private final TaskPlan plan;
  private final StateWords words;
  private int polls;
  private @Nullable Ending ending;

  FakeTask(AcceptedTask accepted, TaskPlan plan, StateWords words) {
    this.accepted = accepted;
    this.plan = plan;
    this.words = words;
  }

  AcceptedTask accepted() {
    return accepted;
  }

  TaskPlan plan() {
    return plan;
  }

  /** What one more poll sees; empty while the provider does not yet know the task. */
  synchronized Optional<Sight> poll(Instant now) {
    int seen = polls++ - plan.hiddenPolls;
    if (seen < 0) {
      return Optional.empty();
    }
    if (ending == null && !plan.words.isEmpty()) {
      String word = plan.words.get(Math.min(seen, plan.words.size() - 1));
      if (words.good().contains(word)) {
        ending = new Ending(now, word, null);
      } else if (words.bad().contains(word)) {
        ending = new Ending(now, word, plan.failure == null ? UNSAID : plan.failure);
      } else {
        return Optional.of(new Sight(word, null, null));
      }
    }
    return Optional.of(look(now));
  }

  /** What anyone sees who does not poll. */
  synchronized Sight look(Instant now) {
    Instant due = accepted.at().plus(plan.time);
    if (ending == null && plan.words.isEmpty() && !plan.held && !now.isBefore(due)) {
      end(due, plan.failure);
    }
    if (ending == null) {
      return new Sight(words.running(), null, null);
    }
    return new Sight(ending.word(), ending.at(), ending.failure());
  }

  boolean running(Instant now) {
    return look(now).endedAt() == null;
  }

  /** Ends the task, unless it has ended already. */
  synchronized void end(Instant at, @Nullable Failure failure) {
    if (ending == null) {
      String word = failure == null ? words.good().get(0) : words.bad().get(0);
      ending = new Ending(at, word, failure);
    }
  }
}
