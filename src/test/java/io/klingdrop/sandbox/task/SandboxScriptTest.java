package io.klingdrop.sandbox.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.sandbox.task.SandboxScript.Oddity;
import io.klingdrop.sandbox.task.SandboxScript.Verdict;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SandboxScriptTest {

  @ParameterizedTest
  @ValueSource(strings = {"", "A calm teacher.", "[unknown]", "[slow]", "[fail soon]", "[", "[]"})
  void anOrdinaryPromptAsksForNothing(String prompt) {
    var script = SandboxScript.parse(prompt);

    assertThat(script.renderTime()).isEqualTo(SandboxScript.DEFAULT_RENDER_TIME);
    assertThat(script.failure()).isEmpty();
    assertThat(script.refusal()).isEmpty();
    assertThat(script.refusals()).isZero();
    assertThat(script.oddities()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"[slow 20s],20000", "[slow 500ms],500", "[SLOW 3 m],180000", "a [slow  1s] b,1000"})
  void slowSetsTheRenderTime(String prompt, long millis) {
    assertThat(SandboxScript.parse(prompt).renderTime()).isEqualTo(Duration.ofMillis(millis));
  }

  @Test
  void failTakesCodeAndTextOrAMessageSeenWithThatCode() {
    assertThat(SandboxScript.parse("[fail]").failure())
        .contains(new Verdict(501, "Generation failed"));
    assertThat(SandboxScript.parse("[fail 500]").failure())
        .contains(new Verdict(500, "Internal Error, Please try again later."));
    assertThat(SandboxScript.parse("x [fail 422 BLOCKED: too much.] y").failure())
        .contains(new Verdict(422, "BLOCKED: too much."));
  }

  @Test
  void refuseLastsAndRefuseTwiceDoesNot() {
    var always = SandboxScript.parse("[refuse 402]");
    var twice = SandboxScript.parse("[refuse-twice 429]");

    assertThat(always.refusal()).contains(new Verdict(402, "Credits insufficient"));
    assertThat(always.refusals()).isEqualTo(Integer.MAX_VALUE);
    assertThat(twice.refusal()).map(Verdict::code).contains(429);
    assertThat(twice.refusals()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(Oddity.class)
  void everyOddityHasItsWord(Oddity oddity) {
    var word = oddity.name().toLowerCase(Locale.ROOT).replace('_', '-');

    assertThat(SandboxScript.parse("[" + word + "]").oddities()).containsExactly(oddity);
  }

  @Test
  void wordsStandSideBySide() {
    var script = SandboxScript.parse("[slow 1s][html] then [two-results]");

    assertThat(script.renderTime()).isEqualTo(Duration.ofSeconds(1));
    assertThat(script.oddities()).containsExactlyInAnyOrder(Oddity.HTML, Oddity.TWO_RESULTS);
  }
}
