package io.klingdrop.sandbox.task;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What somebody sees who asks about a task, in the words of no provider.
 *
 * @param state where it stands
 * @param word said in place of the dialect's own word for that; empty for that one
 * @param reason why it failed, if it has
 * @param endedAt when it ended, in milliseconds of the epoch; nothing before that
 * @param credits what it costs, or has cost
 * @param urls where its videos are; empty unless it has succeeded
 * @param length how long each of them is
 */
public record Sight(
    State state,
    String word,
    Optional<Reason> reason,
    Optional<Long> endedAt,
    double credits,
    List<String> urls,
    Duration length) {
  /** Where a task stands. */
  public enum State {
    WAITING,
    GENERATING,
    SUCCESS,
    FAIL
  }

  /** Why a task failed, as far as the provider says so. */
  public record Reason(@Nullable String code, @Nullable String message) {}

  public Sight {
    urls = List.copyOf(urls);
  }

  /** Of a task that has not ended. */
  public static Sight running(State state, String word, double credits, Duration length) {
    return new Sight(state, word, Optional.empty(), Optional.empty(), credits, List.of(), length);
  }

  public boolean succeeded() {
    return state == State.SUCCESS;
  }
}
