package io.klingdrop.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Any bytes as a file of media: refused in words, or answered with facts that can be. */
final class MediaBytes {
  private final Path file;

  MediaBytes(Path folder) {
    this.file = folder.resolve("mutated.bin");
  }

  void judge(byte[] bytes) {
    try {
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    sane(
        () -> {
          var picture = MediaProbe.image(file);
          assertThat(picture.width()).isPositive();
          assertThat(picture.height()).isPositive();
        });
    sane(
        () ->
            assertThat(MediaProbe.audio(file).length())
                .isBetween(Duration.ofNanos(1), Duration.ofHours(1_000).plusSeconds(1)));
    sane(
        () ->
            assertThat(MediaProbe.video(file).length().orElse(Duration.ofSeconds(1)))
                .isBetween(Duration.ofNanos(1), Duration.ofHours(1_000).plusSeconds(1)));
    sane(() -> Sniffed.mime(file).ifPresent(mime -> assertThat(mime).contains("/")));
  }

  /** Every fixture, in the order of its name. */
  static List<byte[]> samples() {
    var samples = new ArrayList<byte[]>();
    for (var name : names()) {
      samples.add(Fixture.of(name).bytes());
    }
    return samples;
  }

  static List<String> names() {
    var resource = MediaBytes.class.getResource("/media/README.md");
    try (var files = Files.list(Path.of(resource.toURI()).getParent())) {
      var names = files.map(path -> path.getFileName().toString()).sorted().toList();
      assertThat(names).hasSizeGreaterThan(30);
      return names;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void sane(Look look) {
    try {
      look.run();
    } catch (MediaException e) {
      assertThat(e).message().isNotBlank().doesNotContain("mutated.bin").hasSizeLessThan(300);
      assertThat(e.getMessage().codePoints().anyMatch(Character::isISOControl)).isFalse();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @FunctionalInterface
  private interface Look {
    void run() throws MediaException, IOException;
  }
}
