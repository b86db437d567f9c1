package io.klingdrop.testing;

import io.klingdrop.sandbox.task.ResultName;
import io.klingdrop.sandbox.task.SandboxBody;
import io.klingdrop.sandbox.task.Sight;
import io.klingdrop.sandbox.task.Sight.Reason;
import io.klingdrop.sandbox.task.Sight.State;
import io.klingdrop.sandbox.task.TaskLife;
import io.klingdrop.testing.TaskPlan.Failure;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The life a plan gives a task: it moves on by clock, by poll or by hand. */
final class FakeTask implements TaskLife {

  /** How a task ended: well when there is no failure. */
  private record Ending(long at, String word, @Nullable Failure failure) {}

  private static final Failure UNSAID =
      new Failure("500", "Internal Error, Please try again later.", 0);

  private final AcceptedTask accepted;
  private final TaskPlan plan;
  private final StateWords words;
  private final URI base;
  private int polls;
  private @Nullable Ending ending;

  /** Its videos have addresses below this base. */
  FakeTask(AcceptedTask accepted, TaskPlan plan, StateWords words, URI base) {
    this.accepted = accepted;
    this.plan = plan;
    this.words = words;
    this.base = base;
  }

  AcceptedTask accepted() {
    return accepted;
  }

  TaskPlan plan() {
    return plan;
  }

  @Override
  public synchronized Optional<Sight> asked(long now) {
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
        return Optional.of(running(word));
      }
    }
    return Optional.of(look(now));
  }

  @Override
  public synchronized Sight look(long now) {
    long due = accepted.at().plus(plan.time).toEpochMilli();
    if (ending == null && plan.words.isEmpty() && !plan.held && now >= due) {
      end(due, plan.failure);
    }
    if (ending == null) {
      return running("");
    }
    var failure = ending.failure();
    return new Sight(
        failure == null ? State.SUCCESS : State.FAIL,
        ending.word(),
        Optional.ofNullable(failure).map(why -> new Reason(why.code(), why.msg())),
        Optional.of(ending.at()),
        failure == null ? plan.credits : failure.credits(),
        failure == null ? urls() : List.of(),
        plan.videoLength);
  }

  @Override
  public Optional<SandboxBody> video(int number, long now) {
    return look(now).succeeded() ? bytes(number).map(SandboxBody::of) : Optional.empty();
  }

  /** A video, whether or not it can be fetched already; made anew whenever somebody looks. */
  Optional<byte[]> bytes(int number) {
    String label = accepted.taskId() + "-" + number;
    return number <= plan.videos
        ? Optional.of(Mp4.video(plan.videoLength, label, plan.padding))
        : Optional.empty();
  }

  boolean running(long now) {
    return look(now).endedAt().isEmpty();
  }

  /** Ends the task, unless it has ended already. */
  synchronized void end(long at, @Nullable Failure failure) {
    if (ending == null) {
      ending = new Ending(at, "", failure);
    }
  }

  private Sight running(String word) {
    return Sight.running(words.running(), word, plan.credits, plan.videoLength);
  }

  private List<String> urls() {
    return plan.links.isEmpty()
        ? ResultName.addresses(base, accepted.taskId(), plan.videos)
        : plan.links;
  }
}
