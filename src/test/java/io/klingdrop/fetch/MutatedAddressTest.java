package io.klingdrop.fetch;

import io.klingdrop.testing.Mutant;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Spoilt addresses, the same ones in every run. */
final class MutatedAddressTest {
  private static final int ROUNDS = 3_000;

  @TempDir private Path folder;

  @Test
  @Timeout(300)
  void aSpoiltAddressLeadsNowhereAndSaysSo() {
    var mutant = new Mutant(20_261_121, AddressBytes.samples());
    try (var addresses = new AddressBytes(folder)) {
      AddressBytes.samples().forEach(addresses::judge);
      for (int round = 0; round < ROUNDS; round++) {
        var bytes = mutant.next();
        try {
          addresses.judge(bytes);
        } catch (RuntimeException | AssertionError e) {
          throw new AssertionError(HexFormat.of().formatHex(bytes), e);
        }
      }
    }
  }
}
