package io.klingdrop.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.klingdrop.testing.Mutant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Spoilt names, the same ones in every run. */
@DisabledOnOs(OS.WINDOWS)
final class MutatedNamesTest {
  private static final int ROUNDS = 4_000;

  @Test
  @Timeout(300)
  void aSpoiltNameStaysInItsFolder() {
    NameBytes.samples().forEach(NameBytes::judge);
    var mutant = new Mutant(20_261_121, NameBytes.samples());
    for (int round = 0; round < ROUNDS; round++) {
      var bytes = mutant.next();
      try {
        NameBytes.judge(bytes);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(HexFormat.of().formatHex(bytes), e);
      }
    }
  }

  @Test
  void aTailThatIsTooLongIsCutToo() {
    assertThat(Names.fit("stem", "." + "x".repeat(300))).hasSize(255).startsWith(".x");
  }
}
