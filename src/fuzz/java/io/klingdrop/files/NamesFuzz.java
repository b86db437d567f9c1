package io.klingdrop.files;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Names of dropped files. */
final class NamesFuzz {
  static Stream<byte[]> samples() {
    return NameBytes.samples().stream();
  }

  @MethodSource("samples")
  @FuzzTest(maxDuration = "30s")
  void anyNameStaysInItsFolder(byte[] name) {
    NameBytes.judge(name);
  }
}
