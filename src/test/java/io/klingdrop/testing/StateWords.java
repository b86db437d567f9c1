package io.klingdrop.testing;

import java.util.List;

/**
 * The state words of a protocol.
 *
 * @param running what a task says that nobody scripted
 * @param good what ends a task well; the first is what one says that ended by the clock or by hand
 * @param bad what ends a task badly, in the same way
 */
record StateWords(String running, List<String> good, List<String> bad) {

  static final StateWords KIE = new StateWords("waiting", List.of("success"), List.of("fail"));

  /** Kling's own words first, then those of relays and of Kling's newer design. */
  static final StateWords KLING =
      new StateWords(
          "processing",
          List.of("succeed", "succeeded", "success", "completed", "SUCCEED", "SUCCESS"),
          List.of("failed", "fail", "failure", "FAILED", "FAILURE"));
}
