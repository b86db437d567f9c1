package io.klingdrop.media;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Pictures, recordings and videos. */
final class MediaFuzz {
  private static final MediaBytes MEDIA = media();

  private static MediaBytes media() {
    try {
      return new MediaBytes(Files.createTempDirectory("klingdrop-fuzz"));
    } catch (IOException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  static Stream<byte[]> samples() {
    return MediaBytes.samples().stream().filter(sample -> sample.length < 100_000);
  }

  @MethodSource("samples")
  @FuzzTest(maxDuration = "120s")
  void anyBytesAreRefusedOrAnsweredSanely(byte[] file) {
    MEDIA.judge(file);
  }
}
