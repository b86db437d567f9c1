package io.klingdrop.provider.kling;

import io.klingdrop.provider.Answered;
import io.klingdrop.testing.Mutant;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Spoilt answers, the same ones in every run. */
final class MutatedKlingAnswersTest {
  private static final int ROUNDS = 2_000;

  @Test
  @Timeout(300)
  void aSpoiltAnswerIsAnAnswerToo() {
    var mutant = new Mutant(20_261_121, KlingAnswers.samples());
    try (var answers = new KlingAnswers()) {
      KlingAnswers.samples().forEach(answers::judge);
      for (int round = 0; round < ROUNDS; round++) {
        var bytes = mutant.next();
        try {
          answers.judge(bytes);
        } catch (RuntimeException | AssertionError e) {
          throw new AssertionError(HexFormat.of().formatHex(bytes), e);
        }
      }
    }
  }

  @Test
  @Timeout(300)
  void deepNestingAndGreatLengthAreOnlyMoreNonsense() {
    try (var answers = new KlingAnswers()) {
      answers.judge(Answered.ok("[".repeat(100_000)));
      answers.judge(Answered.ok("{\"data\":".repeat(10_000) + "1" + "}".repeat(10_000)));
      answers.judge(
          Answered.ok(
              new String(KlingAnswers.samples().get(0), 2, 20, StandardCharsets.UTF_8)
                  + " ".repeat(2_000_000)));
    }
  }
}
