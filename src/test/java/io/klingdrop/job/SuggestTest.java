package io.klingdrop.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SuggestTest {
  private static final List<String> NAMES =
      List.of("prompt", "negative_prompt", "cfg_scale", "duration", "sound");

  @Test
  void aSlipOfTheFingerIsUnderstood() {
    assertThat(Suggest.closest("promt", NAMES)).hasValue("prompt");
    assertThat(Suggest.closest("duraiton", NAMES)).hasValue("duration");
    assertThat(Suggest.closest("CFG-Scale", NAMES)).hasValue("cfg_scale");
    assertThat(Suggest.closest("negativePrompt", NAMES)).hasValue("negative_prompt");
  }

  @Test
  void aStrangeWordHasNoSuggestion() {
    assertThat(Suggest.closest("resolution", NAMES)).isEmpty();
    assertThat(Suggest.closest("x", NAMES)).isEmpty();
    assertThat(Suggest.closest("", NAMES)).isEmpty();
    assertThat(Suggest.closest("prompt".repeat(1000), NAMES)).isEmpty();
    assertThat(Suggest.closest("prompt", List.of())).isEmpty();
  }
}
