package io.klingdrop.provider;

import io.klingdrop.testing.Mutant;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Spoilt settings and tables of errors, the same ones in every run. */
final class MutatedTableTest {
  private static final int ROUNDS = 1_000;

  @TempDir private Path folder;

  @Test
  @Timeout(300)
  void aSpoiltFileIsReadOrRefusedInWords() {
    var tables = new TableBytes(folder);
    TableBytes.samples().forEach(tables::judge);
    var mutant = new Mutant(20_261_121, TableBytes.samples());
    for (int round = 0; round < ROUNDS; round++) {
      var bytes = mutant.next();
      try {
        tables.judge(bytes);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(HexFormat.of().formatHex(bytes), e);
      }
    }
  }
}
