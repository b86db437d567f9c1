package io.klingdrop.sandbox.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.sandbox.task.SandboxScript;
import io.klingdrop.sandbox.video.VideoMaker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleMediaTest {

  private static final List<String> NAMES =
      List.of(
          "avatar/course/lesson.mp3",
          "avatar/course/lesson.png",
          "avatar/course/lesson.txt",
          "avatar/forbidden.png",
          "avatar/forbidden.txt",
          "avatar/forbidden.wav",
          "avatar/welcome.png",
          "avatar/welcome.wav",
          "v2-1/landscape.png",
          "v2-1/landscape.txt");

  @TempDir Path inbox;

  @Test
  void writesThreePairsThatSucceedAndOneThatFailsOnPurpose() throws IOException {
    SampleMedia.write(inbox);

    assertThat(files()).containsExactlyElementsOf(NAMES);
    var prompt = Files.readString(inbox.resolve("avatar/forbidden.txt"));
    assertThat(SandboxScript.parse(prompt).failure())
        .contains(
            new SandboxScript.Verdict(
                422, "CONTENT_POLICY_BLOCKED: the input was flagged as sensitive."));
    for (var name : List.of("avatar/course/lesson.txt", "v2-1/landscape.txt")) {
      var script = SandboxScript.parse(Files.readString(inbox.resolve(name)));
      assertThat(script).isEqualTo(SandboxScript.parse(""));
    }
  }

  @Test
  void picturesAreLargeEnoughAndDiffer() throws IOException {
    SampleMedia.write(inbox);

    var pictures = NAMES.stream().filter(name -> name.endsWith(".png")).toList();
    for (var name : pictures) {
      var image = ImageIO.read(inbox.resolve(name).toFile());
      int shorter = Math.min(image.getWidth(), image.getHeight());
      assertThat(shorter).as(name).isGreaterThanOrEqualTo(512);
    }
    assertThat(pictures.stream().map(this::bytes).distinct()).hasSize(4);
  }

  @Test
  void voicesLastThreeToSevenSeconds() throws IOException {
    SampleMedia.write(inbox);

    for (var name : NAMES) {
      if (name.endsWith(".wav") || name.endsWith(".mp3")) {
        assertThat(VideoMaker.secondsOf(inbox.resolve(name), 0)).as(name).isBetween(3.0, 7.0);
      }
    }
  }

  @Test
  void aFileThatExistsIsLeftAsItIs() throws IOException {
    var mine = inbox.resolve("avatar/welcome.wav");
    Files.createDirectories(mine.getParent());
    Files.writeString(mine, "mine");

    SampleMedia.write(inbox);
    SampleMedia.write(inbox);

    assertThat(mine).hasContent("mine");
    assertThat(files()).containsExactlyElementsOf(NAMES);
  }

  @Test
  void theSameSamplesAreWrittenEveryTime(@TempDir Path other) throws IOException {
    SampleMedia.write(inbox);
    SampleMedia.write(other);

    for (var name : NAMES) {
      assertThat(other.resolve(name)).hasSameBinaryContentAs(inbox.resolve(name));
    }
  }

  private String bytes(String name) {
    try {
      return Arrays.toString(Files.readAllBytes(inbox.resolve(name)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.walk(inbox)) {
      return all.filter(Files::isRegularFile)
          .map(file -> inbox.relativize(file).toString().replace('\\', '/'))
          .sorted()
          .toList();
    }
  }
}
