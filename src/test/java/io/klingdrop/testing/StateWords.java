package io.klingdrop.testing;

import io.klingdrop.sandbox.task.Sight.State;
import java.util.List;

/**
 * The state words of a protocol.
 *
 * @param running where a task stands that nobody scripted
 * @param good words that end a task well
 * @param bad words that end a task badly
 */
record StateWords(State running, List<String> good, List<String> bad) {

  static final StateWords KIE = new StateWords(State.WAITING, List.of("success"), List.of("fail"));

  /** Kling's own words first, then those of relays and of Kling's newer design. */
  static final StateWords KLING =
      new StateWords(
          State.GENERATING,
          List.of("succeed", "succeeded", "success", "completed", "SUCCEED", "SUCCESS"),
          List.of("failed", "fail", "failure", "FAILED", "FAILURE"));
}
