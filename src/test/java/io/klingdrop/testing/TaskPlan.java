package io.klingdrop.testing;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The life a task will have. Immutable; each method returns a changed copy, so a plan reads {@code
 * TaskPlan.succeeds().after(Duration.ofSeconds(2)).videos(2)}.
 */
public final class TaskPlan {

  /** What a failed task says, and the credits it keeps. */
  record Failure(@Nullable String code, @Nullable String msg, double credits) {}

  Duration time = Duration.ZERO;
  boolean held;
  List<String> words = List.of();
  int hiddenPolls;
  ResultShape shape = ResultShape.STRING;
  int videos = 1;
  List<String> links = List.of();
  @Nullable Failure failure;
  double credits = 100;
  Duration videoLength = Duration.ofSeconds(3);
  int padding;

  private TaskPlan() {}

  /** Succeeds at once, with one video of three seconds, for 100 credits. */
  public static TaskPlan succeeds() {
    return new TaskPlan();
  }

  /** Fails at once and costs nothing. */
  public static TaskPlan fails(@Nullable String failCode, @Nullable String failMsg) {
    return succeeds().change(plan -> plan.failure = new Failure(failCode, failMsg, 0));
  }

  /** Ends that long after it was created. */
  public TaskPlan after(Duration time) {
    return change(plan -> plan.time = time);
  }

  /** Does not end before {@link FakeKie#finish} or {@link FakeKie#fail} says so. */
  public TaskPlan held() {
    return change(plan -> plan.held = true);
  }

  /**
   * Says these state words, one a poll, and repeats the last one; no clock is involved. The words
   * that end a task are the protocol's: {@code success} and {@code fail} at kie.ai, {@code
   * succeed}, {@code failed} and their synonyms at Kling.
   */
  public TaskPlan states(String... words) {
    return change(plan -> plan.words = List.of(words));
  }

  /** Answers the first n polls with 422 {@code recordInfo is null}. */
  public TaskPlan unknownFor(int polls) {
    return change(plan -> plan.hiddenPolls = polls);
  }

  public TaskPlan result(ResultShape shape) {
    return change(plan -> plan.shape = shape);
  }

  /** Produces that many videos. */
  public TaskPlan videos(int videos) {
    return change(plan -> plan.videos = videos);
  }

  /** Names these addresses instead of the videos made here. */
  public TaskPlan links(String... urls) {
    return change(plan -> plan.links = List.of(urls));
  }

  /** Costs that many credits, whether it succeeds or fails. */
  public TaskPlan credits(double credits) {
    return change(
        plan -> {
          plan.credits = credits;
          Failure was = plan.failure;
          plan.failure = was == null ? null : new Failure(was.code(), was.msg(), credits);
        });
  }

  /** Sets what the videos' headers say about their length, in whole milliseconds. */
  public TaskPlan videoLength(Duration length) {
    return change(plan -> plan.videoLength = length);
  }

  /** Makes each video larger by that many random bytes. */
  public TaskPlan padding(int bytes) {
    return change(plan -> plan.padding = bytes);
  }

  private TaskPlan change(Consumer<TaskPlan> change) {
    var copy = new TaskPlan();
    copy.time = time;
    copy.held = held;
    copy.words = words;
    copy.hiddenPolls = hiddenPolls;
    copy.shape = shape;
    copy.videos = videos;
    copy.links = links;
    copy.failure = failure;
    copy.credits = credits;
    copy.videoLength = videoLength;
    copy.padding = padding;
    change.accept(copy);
    return copy;
  }
}
