package io.klingdrop.provider;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Settings and tables of errors. */
final class TableFuzz {
  private static final TableBytes UNDER_TEST = begin();

  private static TableBytes begin() {
    try {
      return new TableBytes(Files.createTempDirectory("klingdrop-fuzz"));
    } catch (IOException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  static Stream<byte[]> samples() {
    return TableBytes.samples().stream();
  }

  @MethodSource("samples")
  @FuzzTest(maxDuration = "60s")
  void anyBytesAreReadOrRefused(byte[] bytes) {
    UNDER_TEST.judge(bytes);
  }
}
