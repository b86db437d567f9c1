package io.klingdrop.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.catalogue.RequestComposer.Composed;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestComposerTest {
  private static final Catalogue CATALOGUE = Catalogue.load(List.of());
  private static final Model AVATAR = model("kling/v1-avatar-standard");
  private static final Model V2_1 = model("kling/v2-1-standard");
  private static final Model V2_6 = model("kling-2.6/image-to-video");
  private static final Model HORSE = model("happyhorse/image-to-video");

  @Test
  void aNumberBecomesTheTextTheModelWants() {
    var composed = compose(V2_1, "prompt: a\nduration: 5\ncfg_scale: 0.5\n");
    assertThat(composed.findings()).isEmpty();
    assertThat(composed.input())
        .hasToString("{\"prompt\":\"a\",\"duration\":\"5\",\"cfg_scale\":0.5}");
  }

  @Test
  void aNumberThatIsNotExactlyAChoiceIsNotGuessed() {
    assertThat(refusal(V2_1, "prompt: a\nduration: 5.0\n"))
        .isEqualTo(
            "host.yaml:2: duration is \"5.0\"; kling/v2-1-standard at kie takes \"5\" or \"10\"");
    assertThat(refusal(V2_1, "prompt: a\nduration: 5s\n")).contains("takes \"5\" or \"10\"");
  }

  @Test
  void theWordTrueBecomesATruthValueAndYesDoesNot() {
    assertThat(compose(V2_6, "prompt: a\nsound: \"true\"\n").input().get("sound").isBoolean())
        .isTrue();
    assertThat(refusal(V2_6, "prompt: a\nsound: yes\n"))
        .isEqualTo(
            "host.yaml:2: sound is \"yes\"; kling-2.6/image-to-video at kie takes true or false");
  }

  @Test
  void aQuotedNumberIsNotTakenForANumber() {
    assertThat(refusal(HORSE, "duration: \"5\"\n"))
        .isEqualTo(
            "host.yaml:1: duration is \"5\"; happyhorse/image-to-video at kie takes a whole number"
                + " (leave out the quotes)");
    assertThat(compose(HORSE, "duration: 5.0\n").input()).hasToString("{\"duration\":5}");
    assertThat(refusal(HORSE, "duration: 5.5\n")).contains("takes a whole number");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0.1", "0.2", "0.3", "0.6", "0.7", "0.9", "1", "0.70", "1.0"})
  void aStepOfOneTenthHasNoRoundingNoise(String value) {
    assertThat(compose(V2_1, "prompt: a\ncfg_scale: " + value).findings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0.55 | is 0.55; kling/v2-1-standard at kie takes steps of 0.1",
        "1.1  | is 1.1; kling/v2-1-standard at kie takes 0 to 1",
        "-0.1 | is -0.1; kling/v2-1-standard at kie takes 0 to 1",
        "high | is \"high\"; kling/v2-1-standard at kie takes a number",
        "0.30000000000000004 | takes steps of 0.1",
        ".nan | is \".nan\"; kling/v2-1-standard at kie takes a number",
        "[1]  | is [1]; kling/v2-1-standard at kie takes a number",
      })
  void aNumberOutOfRangeOrStepIsRefused(String value, String message) {
    assertThat(refusal(V2_1, "prompt: a\n\ncfg_scale: " + value))
        .startsWith("host.yaml:3: cfg_scale ")
        .endsWith(message);
  }

  @Test
  void aPromptIsMeasuredInCharactersNotInCodeUnits() {
    String face = "\uD83D\uDE00";
    assertThat(compose(V2_6, "prompt: " + face.repeat(1000)).findings()).isEmpty();
    assertThat(refusal(V2_6, "prompt: " + face.repeat(1001)))
        .isEqualTo(
            "host.yaml:1: prompt has 1001 characters;"
                + " kling-2.6/image-to-video at kie takes at most 1000");
    assertThat(compose(AVATAR, "prompt: " + "x".repeat(5000)).findings()).isEmpty();
    assertThat(refusal(AVATAR, "prompt: " + "x".repeat(5001))).contains("at most 5000");
    assertThat(refusal(V2_1, "prompt: a\nnegative_prompt: " + "x".repeat(501)))
        .contains("at most 500");
  }

  @Test
  void anUnknownParameterIsNamedWithTheLikelyOne() {
    assertThat(refusal(V2_1, "prompt: a\nnegativ_prompt: b\n"))
        .isEqualTo(
            "host.yaml:2: negativ_prompt is not a parameter of kling/v2-1-standard at kie;"
                + " did you mean negative_prompt?");
    assertThat(refusal(AVATAR, "resolution: 720p\n"))
        .isEqualTo(
            "host.yaml:1: resolution is not a parameter of kling/v1-avatar-standard at kie;"
                + " it takes prompt");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"callBackUrl", "callback_url", "model", "input", "external_task_id", "taskId"})
  void whatTheProgramSetsCannotBeSetBySidecars(String name) {
    assertThat(refusal(V2_1, "prompt: a\n" + name + ": http://localhost/\n"))
        .isEqualTo("host.yaml:2: " + name + " is set by klingdrop and cannot be set here");
  }

  @Test
  void aMediaFieldCannotBeSetBySidecars() {
    assertThat(refusal(AVATAR, "audio_url: http://localhost/a.mp3\n"))
        .isEqualTo("host.yaml:1: audio_url is filled with the dropped file and cannot be set");
  }

  @Test
  void controlCharactersAndHalvesOfCharactersAreRefused() {
    assertThat(refusal(V2_1, "prompt: \"a\\0b\"\n"))
        .isEqualTo("host.yaml:1: prompt has a control character (U+0000) as character 2");
    assertThat(json(V2_1, "{\"prompt\": \"a\\u001b[2J\"}"))
        .isEqualTo("host.json:1: prompt has a control character (U+001B) as character 2");
    assertThat(json(V2_1, "{\"prompt\": \"\\ud83d!\"}")).contains("half a character (U+D83D)");
    assertThat(compose(V2_1, "prompt: \"a\\tb\\r\\nc\"\n").findings()).isEmpty();
  }

  @Test
  void aHostileNameOrValueDoesNotReachTheMessageRaw() {
    String message = json(V2_1, "{\"prompt\": \"a\", \"x\\u001b[31m\\n\": 1}");
    assertThat(message).doesNotContain("\u001b", "\n");
    assertThat(refusal(V2_1, "prompt: a\nduration: " + "9".repeat(5000))).hasSizeLessThan(200);
  }

  @Test
  void aParameterWithoutValueIsRefusedOnce() {
    assertThat(refusal(V2_1, "prompt:\n"))
        .isEqualTo("host.yaml:1: prompt has no value; write \"\" for an empty text");
  }

  @Test
  void aMissingPromptIsRefusedWhereThereIsNoDefault() {
    assertThat(refusal(V2_1, "duration: 10\n")).startsWith("prompt is missing; ");
  }

  @Test
  void everyFaultIsNamedAtOnce() {
    assertThat(compose(V2_1, "duration: 7\ncfg_scale: 2\nfoo: 1\n").findings())
        .extracting(Finding::key)
        .containsExactlyInAnyOrder("foo", "prompt", "duration", "cfg_scale");
  }

  @Test
  void anAdvisedLengthIsToldAndSent() {
    var composed = compose(model("omnihuman-1-5"), "prompt: " + "x".repeat(301));
    assertThat(composed.refused()).isFalse();
    assertThat(composed.findings())
        .extracting(Finding::message)
        .containsExactly(
            "host.yaml:1: prompt has 301 characters; omnihuman-1-5 at kie takes at most 300;"
                + " it is sent all the same");
    assertThat(refusal(model("omnihuman-1-5"), "prompt: " + "x".repeat(1001)))
        .contains("at most 1000");
  }

  @Test
  void twoValuesThatDoNotGoTogetherAreRefused() {
    assertThat(
            refusal(
                model("hailuo/2-3-image-to-video-pro"),
                "prompt: a\nduration: 10\nresolution: 1080P\n"))
        .isEqualTo("the input is refused: 10 seconds do not go with 1080P");
  }

  @Test
  void theOrderOfTheSidecarDoesNotChangeTheRequest() {
    assertThat(compose(V2_1, "cfg_scale: 0.5\nprompt: a\n").input().toString())
        .isEqualTo(compose(V2_1, "prompt: a\ncfg_scale: 0.5\n").input().toString());
  }

  private static String refusal(Model model, String yaml) {
    return only(compose(model, yaml));
  }

  private static String json(Model model, String json) {
    var document = JsonText.parse(json, "host.json");
    return only(
        RequestComposer.compose(model, Parameters.of(document, document.root(), "", "host.json")));
  }

  private static String only(Composed composed) {
    assertThat(composed.refused()).isTrue();
    assertThat(composed.findings().stream().filter(Finding::refuses)).hasSize(1);
    return composed.findings().get(0).message();
  }

  private static Composed compose(Model model, String yaml) {
    var document = YamlText.parse(yaml, "host.yaml");
    return RequestComposer.compose(
        model, Parameters.of(document, document.root(), "", "host.yaml"));
  }

  private static Model model(String id) {
    return CATALOGUE.model("kie", id).orElseThrow();
  }
}
