package io.klingdrop.provider.kling;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** What the provider answers. */
final class KlingAnswersFuzz {
  private static final KlingAnswers ANSWERS = new KlingAnswers();

  static Stream<byte[]> samples() {
    return KlingAnswers.samples().stream();
  }

  @MethodSource("samples")
  @FuzzTest(maxDuration = "60s")
  void anyBytesAreAnAnswer(byte[] answer) {
    ANSWERS.judge(answer);
  }
}
