package io.klingdrop.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Flips, cuts and doubles bytes of every fixture, the same way in every run. */
final class MutatedMediaTest {
  private static final int ROUNDS = 200;
  private static final int[] REACHES = {48, 48, 400, Integer.MAX_VALUE};
  private static final int[] NASTY = {0, 1, 7, 8, 0x7f, 0x80, 0xfe, 0xff};

  @TempDir Path folder;

  @Test
  @Timeout(30)
  void aMutatedFileIsRefusedOrAnsweredSanely() throws Exception {
    var random = new Random(20_261_121);
    var path = folder.resolve("mutated.bin");
    for (var name : names()) {
      var whole = Fixture.of(name).bytes();
      for (int round = 0; round < ROUNDS; round++) {
        Files.write(path, mutate(whole, random));
        probe(path, name + " round " + round);
      }
    }
  }

  private static List<String> names() throws Exception {
    var resource = MutatedMediaTest.class.getResource("/media/README.md");
    var names = new ArrayList<String>();
    try (var files = Files.list(Path.of(resource.toURI()).getParent())) {
      files.map(file -> file.getFileName().toString()).sorted().forEach(names::add);
    }
    assertThat(names).hasSizeGreaterThan(30);
    return names;
  }

  private static byte[] mutate(byte[] whole, Random random) {
    var bytes = whole.clone();
    // Headers stand at the front or at the back, so that is where most flips go.
    var reach = Math.min(bytes.length, REACHES[random.nextInt(REACHES.length)]);
    var atBack = random.nextInt(4) == 0;
    for (int flips = random.nextInt(8); flips >= 0; flips--) {
      var offset = random.nextInt(reach);
      var position = atBack ? bytes.length - 1 - offset : offset;
      bytes[position] =
          (byte) (random.nextBoolean() ? NASTY[random.nextInt(NASTY.length)] : random.nextInt(256));
    }
    return random.nextInt(3) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
  }

  private static void probe(Path path, String what) {
    sane(what, () -> assertThat(MediaProbe.image(path).width()).isPositive());
    sane(
        what,
        () ->
            assertThat(MediaProbe.audio(path).length())
                .isBetween(Duration.ofNanos(1), Duration.ofHours(1_000).plusSeconds(1)));
    sane(
        what,
        () ->
            assertThat(MediaProbe.video(path).length().orElse(Duration.ofSeconds(1)))
                .isBetween(Duration.ofNanos(1), Duration.ofHours(1_000).plusSeconds(1)));
    sane(what, () -> MediaProbe.sniff(path).ifPresent(mime -> assertThat(mime).contains("/")));
  }

  private static void sane(String what, Look look) {
    try {
      look.run();
    } catch (MediaException e) {
      assertThat(e).as(what).message().isNotBlank().doesNotContain("mutated.bin");
    } catch (IOException | RuntimeException e) {
      throw new AssertionError(what, e);
    }
  }

  @FunctionalInterface
  private interface Look {
    void run() throws MediaException, IOException;
  }
}
