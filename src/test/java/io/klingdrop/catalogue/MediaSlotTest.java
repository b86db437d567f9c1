package io.klingdrop.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class MediaSlotTest {
  private static final Catalogue CATALOGUE = Catalogue.load(List.of());
  private static final MediaSlot VOICE = comet(MediaRole.AUDIO);
  private static final MediaSlot FACE = comet(MediaRole.IMAGE);

  @Test
  void aRecordingThatFitsHasNoFindings() {
    assertThat(voice(5_000_000, Duration.ofSeconds(60))).isEmpty();
    assertThat(voice(1, Duration.ofSeconds(2))).isEmpty();
  }

  @Test
  void aRecordingThatIsTooLongIsRefusedWithBothLimits() {
    assertThat(voice(1000, Duration.ofSeconds(61)))
        .containsExactly(
            Finding.refuse(
                "audio.length", "the recording is 61.0 s long; avatar at comet takes 2 s to 60 s"));
    assertThat(voice(1000, Duration.ofMillis(1900)))
        .extracting(Finding::message)
        .containsExactly("the recording is 1.9 s long; avatar at comet takes 2 s to 60 s");
  }

  @Test
  void aHairOverTheLimitShowsEnoughDigitsToBeUnderstoodAndIsSent() {
    assertThat(voice(1000, Duration.ofMillis(60_020)))
        .containsExactly(
            Finding.warn(
                "audio.length",
                "the recording is 60.020 s long; avatar at comet is documented for 2 s to 60 s; it"
                    + " is sent all the same"));
    assertThat(voice(1000, Duration.ofMillis(60_100))).noneMatch(Finding::refuses);
    assertThat(voice(1000, Duration.ofMillis(60_101))).allMatch(Finding::refuses);
    assertThat(voice(1000, Duration.ofMillis(1_990))).allMatch(Finding::refuses);
  }

  @Test
  void soundThatIsStoredOtherwiseThanDocumentedIsTold() {
    assertThat(VOICE.codec("aac")).isEmpty();
    assertThat(VOICE.codec("alac"))
        .contains(
            Finding.warn(
                "audio.codec",
                "the sound of the recording is stored as alac; avatar at comet is documented for"
                    + " mp3, pcm or aac; it is sent all the same"));
    assertThat(FACE.codec("anything")).isEmpty();
  }

  @Test
  void aSizeAloneMayBeEnoughToRefuse() {
    assertThat(VOICE.tooLarge(5_242_880)).isEmpty();
    assertThat(VOICE.tooLarge(30L << 30)).hasValueSatisfying(f -> assertThat(f.refuses()).isTrue());
  }

  @Test
  void betweenTheTwoReadingsOfAMegabyteAFileIsSentWithAWarning() {
    assertThat(voice(5_000_001, Duration.ofSeconds(9)))
        .containsExactly(
            Finding.warn(
                "audio.size",
                "the recording file has 5.1 MB (5,000,001 bytes); avatar at comet is documented for"
                    + " at most 5 MB; it is sent all the same"));
    assertThat(voice(5_242_880, Duration.ofSeconds(9))).noneMatch(Finding::refuses);
    assertThat(voice(5_242_881, Duration.ofSeconds(9)))
        .containsExactly(
            Finding.refuse(
                "audio.size",
                "the recording file has 5.3 MB (5,242,881 bytes); avatar at comet takes at most"
                    + " 5 MB"));
  }

  @Test
  void anUnknownLengthIsNotHeldAgainstARecording() {
    assertThat(
            VOICE.check(
                "audio/mpeg", 1, OptionalInt.empty(), OptionalInt.empty(), Optional.empty()))
        .isEmpty();
  }

  @Test
  void aTypeTheModelDoesNotTakeIsRefused() {
    assertThat(face("image/gif", 400, 400))
        .extracting(Finding::message)
        .containsExactly("the image is image/gif; avatar at comet takes image/jpeg or image/png");
  }

  @Test
  void aSmallOrNarrowImageIsRefused() {
    assertThat(face("image/png", 300, 299))
        .extracting(Finding::message)
        .containsExactly(
            "the image has 300 × 299 pixels; avatar at comet takes at least 300 pixels on each"
                + " side");
    assertThat(face("image/png", 300, 751))
        .extracting(Finding::message)
        .containsExactly(
            "the image has 300 × 751 pixels, a shape of 1:2.5; avatar at comet takes 1:2.5 to"
                + " 2.5:1");
    assertThat(face("image/png", 300, 750)).isEmpty();
    assertThat(face("image/png", 1000, 400)).isEmpty();
    assertThat(face("image/png", 1001, 400)).singleElement().matches(Finding::refuses);
  }

  @Test
  void webpForKlingIsToldAndSent() {
    for (String id : List.of("kling/v1-avatar-standard", "kling/v2-1-standard")) {
      var slot = CATALOGUE.model("kie", id).orElseThrow().slot(MediaRole.IMAGE).orElseThrow();
      assertThat(
              slot.check(
                  "image/webp", 9, OptionalInt.of(400), OptionalInt.of(400), Optional.empty()))
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.refuses()).isFalse();
                assertThat(finding.message())
                    .isEqualTo(
                        "the image is image/webp; "
                            + id
                            + " at kie is documented for image/jpeg"
                            + " or image/png; it is sent all the same");
              });
    }
  }

  @Test
  void theFifteenSecondNoteIsOnlyTold() {
    var slot =
        CATALOGUE
            .model("kie", "kling/v1-avatar-standard")
            .orElseThrow()
            .slot(MediaRole.AUDIO)
            .orElseThrow();
    assertThat(
            slot.check(
                "audio/mpeg",
                9,
                OptionalInt.empty(),
                OptionalInt.empty(),
                Optional.of(Duration.ofSeconds(42))))
        .containsExactly(
            Finding.warn(
                "audio.length",
                "the recording is 42.0 s long; kling/v1-avatar-standard at kie is documented for"
                    + " 2 s to 15 s; it is sent all the same"));
  }

  @Test
  void theAvatarOfTheOldPageTakesTenMegabytesAndNotAByteMoreThanTheirLargestReading() {
    var slot =
        CATALOGUE
            .model("kie", "kling/v1-avatar-standard")
            .orElseThrow()
            .slot(MediaRole.AUDIO)
            .orElseThrow();
    var length = Optional.of(Duration.ofSeconds(10));
    assertThat(
            slot.check("audio/wav", 10_485_760, OptionalInt.empty(), OptionalInt.empty(), length))
        .singleElement()
        .matches(finding -> !finding.refuses());
    assertThat(
            slot.check("audio/wav", 10_485_761, OptionalInt.empty(), OptionalInt.empty(), length))
        .singleElement()
        .matches(Finding::refuses);
  }

  @Test
  void theAvatarOfTheCurrentPageTakesFiveMinutesAndAHundredMegabytes() {
    var slot =
        CATALOGUE
            .model("kie", "kling/ai-avatar-standard")
            .orElseThrow()
            .slot(MediaRole.AUDIO)
            .orElseThrow();
    assertThat(
            slot.check(
                "audio/mpeg",
                100_000_000,
                OptionalInt.empty(),
                OptionalInt.empty(),
                Optional.of(Duration.ofMinutes(5))))
        .isEmpty();
    assertThat(
            slot.check(
                "audio/mpeg",
                104_857_601,
                OptionalInt.empty(),
                OptionalInt.empty(),
                Optional.of(Duration.ofSeconds(301))))
        .hasSize(2)
        .allMatch(Finding::refuses);
  }

  @Test
  void aListFieldHoldsFirstAndLastFrameInThisOrder() {
    var model = CATALOGUE.model("kie", "kling-3.0/video").orElseThrow();
    var input = Document.NODES.objectNode();
    model.media().forEach((role, slot) -> slot.addTo(input, List.of("https://x/" + role.key())));
    assertThat(input)
        .hasToString("{\"image_urls\":[\"https://x/image\",\"https://x/tail_image\"]}");
  }

  @Test
  void moreFilesThanTheSlotTakesAreAProgrammingError() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FACE.addTo(Document.NODES.objectNode(), List.of("a", "b")));
  }

  private static List<Finding> voice(long bytes, Duration length) {
    return VOICE.check(
        "audio/mpeg", bytes, OptionalInt.empty(), OptionalInt.empty(), Optional.of(length));
  }

  private static List<Finding> face(String type, int width, int height) {
    return FACE.check(type, 1000, OptionalInt.of(width), OptionalInt.of(height), Optional.empty());
  }

  /** The second dialect's limits, as its model file will state them. */
  private static MediaSlot comet(MediaRole role) {
    var problems = new ArrayList<String>();
    return ModelReader.read(
            YamlText.parse(
                """
                provider: comet
                model: avatar
                title: Kling Avatar
                source: https://api.cometapi.com, 2026
                wire: {path: /v1/videos/avatar/image2video}
                media:
                  image:
                    field: image
                    required: true
                    types: [image/jpeg, image/png]
                    max-size: 10MB
                    min-side: 300
                    min-ratio: "1:2.5"
                    max-ratio: "2.5:1"
                  audio:
                    field: sound_file
                    required: true
                    types: [audio/mpeg, audio/wav, audio/mp4, audio/aac]
                    codecs: [mp3, pcm, aac]
                    max-size: 5MB
                    min-seconds: 2
                    max-seconds: 60
                input:
                  type: object
                  additionalProperties: false
                  properties:
                    prompt: {type: string, maxLength: 2500}
                    mode: {type: string, enum: [std, pro], default: std}
                """,
                "comet.yaml"),
            problems)
        .orElseThrow(() -> new AssertionError(problems.toString()))
        .slot(role)
        .orElseThrow();
  }
}
