package io.klingdrop.provider.kie;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** What the provider answers. */
final class KieAnswersFuzz {
  private static final KieAnswers ANSWERS = new KieAnswers();

  static Stream<byte[]> samples() {
    return KieAnswers.samples().stream();
  }

  @MethodSource("samples")
  @FuzzTest(maxDuration = "60s")
  void anyBytesAreAnAnswer(byte[] answer) {
    ANSWERS.judge(answer);
  }
}
