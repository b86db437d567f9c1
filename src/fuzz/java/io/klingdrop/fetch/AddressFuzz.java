package io.klingdrop.fetch;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Addresses of results. */
final class AddressFuzz {
  private static final AddressBytes UNDER_TEST = begin();

  private static AddressBytes begin() {
    try {
      return new AddressBytes(Files.createTempDirectory("klingdrop-fuzz"));
    } catch (IOException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  static Stream<byte[]> samples() {
    return AddressBytes.samples().stream();
  }

  @MethodSource("samples")
  @FuzzTest(maxDuration = "60s")
  void anyAddressLeadsNowhere(byte[] bytes) {
    UNDER_TEST.judge(bytes);
  }
}
