package io.klingdrop.intake;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.catalogue.Catalogue;
import io.klingdrop.intake.Checks.Checked;
import io.klingdrop.job.BundleFile;
import io.klingdrop.job.FailureClass;
import io.klingdrop.job.Role;
import io.klingdrop.testing.StubbornShare;
import io.klingdrop.testing.StubbornShare.Refusal;
import io.klingdrop.testing.TestMedia;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shipped profiles, with files as they lie in a work folder. */
class ChecksTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;
  private final List<BundleFile> files = new ArrayList<>();
  private final List<Path> defaults = new ArrayList<>();
  private Checks checks;

  @BeforeEach
  void load() {
    checks = new Checks(Catalogue.load(List.of()));
  }

  private void file(Role role, Path file) throws IOException {
    files.add(new BundleFile(role, file.getFileName().toString(), "", Files.size(file), false));
  }

  private void picture() throws IOException {
    file(Role.IMAGE, TestMedia.png(folder.resolve("host.png"), 320, 320, 1));
  }

  private void voice(Duration length) throws IOException {
    file(Role.AUDIO, TestMedia.wav(folder.resolve("host.wav"), length, 1));
  }

  private void pair() throws IOException {
    picture();
    voice(Duration.ofSeconds(3));
  }

  private void sidecar(String name, String text) throws IOException {
    file(Role.SIDECAR, Files.writeString(folder.resolve(name), text));
  }

  private void defaults(String text) throws IOException {
    var level = Files.createDirectories(folder.resolve("defaults/" + defaults.size()));
    defaults.add(Files.writeString(level.resolve("_defaults.yaml"), text));
  }

  private Checked check(String profile) {
    return checks.check(profile, files, folder, defaults);
  }

  private Checked fine(String profile) {
    var checked = check(profile);
    assertThat(checked.refusal()).isNull();
    return checked;
  }

  private void refused(String profile, String... words) {
    var refusal = check(profile).refusal();
    assertThat(refusal).isNotNull();
    assertThat(refusal.failureClass()).isEqualTo(FailureClass.INVALID);
    assertThat(refusal.message()).contains(words);
  }

  @Test
  void aGoodPairHasARequestALengthAndAPrice() throws IOException {
    pair();

    var checked = fine("avatar");

    assertThat(checked.input()).isEqualTo(JSON.readTree("{\"prompt\": \"\"}"));
    assertThat(checked.audio()).isEqualTo(Duration.ofSeconds(3));
    assertThat(checked.estimate()).isEqualTo(24.0);
    assertThat(checked.warnings()).isEmpty();
  }

  @Test
  void whatAModelFixesIsInEveryRequest() throws IOException {
    var config = folder.resolve("config");
    Files.createDirectories(config.resolve("models"));
    Files.createDirectories(config.resolve("profiles"));
    Files.writeString(
        config.resolve("models/own.yaml"),
        """
        provider: own
        model: still
        title: Still
        source: this test
        media:
          image: {field: image_url, required: true, types: [image/png]}
        input:
          type: object
          additionalProperties: false
          required: [prompt]
          properties:
            prompt: {type: string, default: ""}
        fixed: {mode: std}
        """);
    Files.writeString(config.resolve("profiles/own.yaml"), "provider: own\nmodel: still\n");
    checks = new Checks(Catalogue.load(List.of(config)));
    picture();

    assertThat(fine("own").input())
        .isEqualTo(JSON.readTree("{\"prompt\": \"\", \"mode\": \"std\"}"));
  }

  @Test
  void aPictureAloneHasNoLength() throws IOException {
    picture();
    sidecar("host.txt", "wave");

    var checked = fine("v2-1");

    assertThat(checked.audio()).isNull();
    assertThat(checked.estimate()).isNull();
    assertThat(checked.input().path("prompt").asText()).isEqualTo("wave");
    assertThat(checked.input().path("duration").asText()).isEqualTo("5");
  }

  @Test
  void aSidecarWinsOverTheNearestDefaultsAndThoseOverTheFartherAndTheProfile() throws IOException {
    picture();
    defaults("prompt: outer\nduration: \"10\"\nnegative_prompt: outer\n");
    defaults("prompt: inner\nnegative_prompt: inner\n");
    sidecar("host.yaml", "prompt: mine\n");

    var input = fine("v2-1").input();

    assertThat(input.path("prompt").asText()).isEqualTo("mine");
    assertThat(input.path("negative_prompt").asText()).isEqualTo("inner");
    assertThat(input.path("duration").asText()).isEqualTo("10");
  }

  @Test
  void aPromptAndASettingsFileStandBesideEachOther() throws IOException {
    picture();
    sidecar("host.yaml", "cfg_scale: 0.7\n");
    sidecar("host.txt", "wave");

    var input = fine("v2-1").input();

    assertThat(input.path("prompt").asText()).isEqualTo("wave");
    assertThat(input.path("cfg_scale").asDouble()).isEqualTo(0.7);
  }

  @Test
  void twoPromptsAreNotChosenBetween() throws IOException {
    picture();
    sidecar("host.json", "{\"prompt\": \"frown\"}");
    sidecar("host.txt", "wave");

    refused("v2-1", "both sidecars", "host.json", "host.txt");
  }

  @Test
  void aWrongValueNamesFileLineAndKeyWhereverItStands() throws IOException {
    picture();
    sidecar("host.txt", "wave");
    defaults("\nduration: \"7\"\n");

    refused("v2-1", "_defaults.yaml:2", "duration");
  }

  @Test
  void allThatIsWrongIsToldAtOnce() throws IOException {
    file(Role.IMAGE, TestMedia.png(folder.resolve("host.png"), 320, 320, 1));
    sidecar("host.yaml", "duration: \"7\"\ncfg_scale: 3\n");

    refused("v2-1", "duration", "cfg_scale", "prompt");
  }

  @Test
  void aProfileNobodyKnowsIsRefusedWithThoseThatExist() throws IOException {
    pair();

    refused("avatr", "no profile avatr", "ai-avatar, avatar, ", ", kling-2-6, ");
    assertThat(check("avatr").input()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"IMAGE, needs a recording", "AUDIO, needs a picture"})
  void aHalfIsRefused(Role role, String message) throws IOException {
    pair();
    files.removeIf(file -> file.role() != role);

    refused("avatar", message);
  }

  @Test
  void aRecordingForAModelThatTakesNoneIsRefused() throws IOException {
    pair();
    sidecar("host.txt", "wave");

    refused("v2-1", "host.wav", "takes no");
  }

  @Test
  void theBytesSayWhatAFileIs() throws IOException {
    picture();
    var voice = TestMedia.mp3(folder.resolve("made.mp3"), Duration.ofSeconds(3), 1);
    file(Role.AUDIO, Files.move(voice, folder.resolve("host.wav")));
    assertThat(fine("avatar").audio()).isBetween(Duration.ofSeconds(3), Duration.ofMillis(3030));

    files.clear();
    var picture = TestMedia.png(folder.resolve("made.png"), 320, 320, 1);
    file(Role.AUDIO, Files.move(picture, folder.resolve("host.mp3")));
    picture();
    refused("avatar", "host.mp3");
  }

  @Test
  void aFileThatIsGoneIsRefusedAndNotAFault() throws IOException {
    pair();
    Files.delete(folder.resolve("host.wav"));

    refused("avatar", "host.wav");
  }

  @Test
  void aFileWhoseHandleWentStaleIsReadAgain() throws IOException {
    pair();
    var share = StubbornShare.at(folder, Refusal.STALE);

    assertThat(checks.check("avatar", files, share, defaults).refusal()).isNull();
  }

  @Test
  void whatIsOddButAllowedIsAWarningWithTheFilesName() throws IOException {
    file(Role.IMAGE, TestMedia.png(folder.resolve("host.png"), 200, 200, 1));
    voice(Duration.ofSeconds(1));

    var checked = fine("avatar");

    assertThat(checked.warnings()).hasSize(2);
    assertThat(checked.warnings().get(0)).startsWith("host.png: ");
    assertThat(checked.warnings().get(1)).startsWith("host.wav: ");
  }

  @ParameterizedTest
  @CsvSource({
    "10000000, 0, false",
    "10000001, 1, false",
    "10485760, 1, false",
    "10485761, 0, true"
  })
  void aSizeIsRefusedOnlyOverTheLargerReadingOfAMegabyte(long bytes, int warnings, boolean refused)
      throws IOException {
    voice(Duration.ofSeconds(3));
    var picture = TestMedia.png(folder.resolve("host.png"), 320, 320, 1);
    try (var file = new RandomAccessFile(picture.toFile(), "rw")) {
      file.setLength(bytes);
    }
    file(Role.IMAGE, picture);

    var checked = check("avatar");

    assertThat(checked.refusal() != null).isEqualTo(refused);
    if (!refused) {
      assertThat(checked.warnings()).hasSize(warnings);
    }
  }

  @Test
  @Timeout(300)
  void aFileOfThirtyGigabytesIsRefusedByItsSizeAlone() throws IOException {
    picture();
    for (var name : List.of("host.mp3", "huge.wav")) {
      files.removeIf(file -> file.role() == Role.AUDIO);
      var path = Files.write(folder.resolve(name), new byte[] {(byte) 0xff, (byte) 0xfb, 0x10});
      try (var file = new RandomAccessFile(path.toFile(), "rw")) {
        file.setLength(30L << 30);
      }
      file(Role.AUDIO, path);
      refused("avatar", name + ": the recording file has", "takes at most 10 MB");
    }
  }

  @Test
  void whatIsRefusedIsNotSaidToBeSentAllTheSame() throws IOException {
    picture();
    voice(Duration.ofSeconds(700));

    var checked = check("avatar");

    assertThat(checked.refusal()).isNotNull();
    assertThat(checked.refusal().message()).doesNotContain("sent all the same");
    assertThat(checked.warnings()).isEmpty();
  }

  @Test
  void theNeutralPromptOfAModelIsSentAndIsNoPartOfWhatMakesABundleAnother() throws IOException {
    pair();

    var plain = fine("comet-avatar");

    assertThat(plain.input().path("prompt").asText()).isNotBlank();
    assertThat(plain.identity()).isEqualTo(JSON.readTree("{}"));
    sidecar("host.txt", "wave");
    var told = fine("comet-avatar");
    assertThat(told.input())
        .isEqualTo(told.identity())
        .isEqualTo(JSON.readTree("{\"prompt\":\"wave\"}"));
  }

  @Test
  void aPictureThatLiesOnItsSideIsToldWithTheJob() throws IOException {
    voice(Duration.ofSeconds(3));
    var upright = Files.readAllBytes(TestMedia.jpeg(folder.resolve("host.jpg"), 320, 320, 1));
    var exif =
        HexFormat.of()
            .parseHex("ffe1002245786966000049492a0008000000010012010300010000000600000000000000");
    var turned = new ByteArrayOutputStream();
    turned.write(upright, 0, 2);
    turned.write(exif);
    turned.write(upright, 2, upright.length - 2);
    file(Role.IMAGE, Files.write(folder.resolve("host.jpg"), turned.toByteArray()));

    assertThat(fine("avatar").warnings())
        .containsExactly(
            "host.jpg: the picture is stored lying on its side (EXIF orientation 6), and who does"
                + " not read that mark shows it so; it is sent all the same");
  }

  @Test
  void theSameContentHasOneKeyWhateverTheFilesAreCalled() throws IOException {
    var mine = key("kie", "m", "{\"a\": 1, \"b\": 2}", image("i", "1"), audio("v", "2"));

    assertThat(key("kie", "m", "{\"b\": 2, \"a\": 1}", audio("other", "2"), image("x", "1")))
        .isEqualTo(mine)
        .hasSize(64);
    var words = new BundleFile(Role.SIDECAR, "words.txt", "3", 9, false);
    assertThat(key("kie", "m", "{\"a\": 1, \"b\": 2}", image("i", "1"), audio("v", "2"), words))
        .as("what a sidecar says is in the request")
        .isEqualTo(mine);
    var shared = new BundleFile(Role.IMAGE, "_image.png", "1", 1, true);
    assertThat(key("kie", "m", "{\"a\": 1, \"b\": 2}", shared, audio("v", "2"))).isEqualTo(mine);
  }

  @Test
  void anyOtherContentHasAnotherKey() throws IOException {
    var keys =
        List.of(
            key("kie", "m", "{\"a\": 1}", image("i", "1"), audio("v", "2")),
            key("comet", "m", "{\"a\": 1}", image("i", "1"), audio("v", "2")),
            key("kie", "n", "{\"a\": 1}", image("i", "1"), audio("v", "2")),
            key("kie", "m", "{\"a\": 2}", image("i", "1"), audio("v", "2")),
            key("kie", "m", "{\"a\": \"1\"}", image("i", "1"), audio("v", "2")),
            key("kie", "m", "{\"a\": 1, \"b\": null}", image("i", "1"), audio("v", "2")),
            key("kie", "m", "{}", image("i", "1"), audio("v", "2")),
            key("kie", "m", "{\"a\": 1}", image("i", "3"), audio("v", "2")),
            key("kie", "m", "{\"a\": 1}", image("i", "1"), audio("v", "3")),
            key("kie", "m", "{\"a\": 1}", image("i", "2"), audio("v", "1")),
            key("kie", "m", "{\"a\": 1}", image("i", "1")),
            key("kie", "m", "{\"a\": 1}", audio("v", "1")));

    assertThat(keys).doesNotHaveDuplicates();
  }

  private static BundleFile image(String name, String sha256) {
    return new BundleFile(Role.IMAGE, name, sha256, 1, false);
  }

  private static BundleFile audio(String name, String sha256) {
    return new BundleFile(Role.AUDIO, name, sha256, 1, false);
  }

  private static String key(String provider, String model, String input, BundleFile... files)
      throws IOException {
    return Checks.contentKey(provider, model, (ObjectNode) JSON.readTree(input), List.of(files));
  }
}
