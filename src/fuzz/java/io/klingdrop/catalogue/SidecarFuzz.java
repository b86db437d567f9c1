package io.klingdrop.catalogue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Sidecars and {@code _defaults.yaml}. */
final class SidecarFuzz {
  private static final SidecarBytes SIDECARS = sidecars();

  private static SidecarBytes sidecars() {
    try {
      return new SidecarBytes(Files.createTempDirectory("klingdrop-fuzz"));
    } catch (IOException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  static Stream<byte[]> samples() {
    return SidecarBytes.samples().stream();
  }

  @MethodSource("samples")
  @FuzzTest(maxDuration = "60s")
  void anyBytesAreRefusedOrReadSanely(byte[] sidecar) {
    SIDECARS.judge(sidecar);
  }
}
