package io.klingdrop.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.klingdrop.testing.Mutant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Spoilt sidecars, the same ones in every run, and some that are built to do harm. */
final class MutatedSidecarTest {
  private static final int ROUNDS = 600;

  @TempDir private Path folder;

  @Test
  @Timeout(300)
  void aSpoiltSidecarIsRefusedOrReadSanely() {
    var sidecars = new SidecarBytes(folder);
    SidecarBytes.samples().forEach(sidecars::judge);
    var mutant = new Mutant(20_261_121, SidecarBytes.samples());
    for (int round = 0; round < ROUNDS; round++) {
      var bytes = mutant.next();
      try {
        sidecars.judge(bytes);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(HexFormat.of().formatHex(bytes), e);
      }
    }
  }

  @Test
  void billionLaughsAreRefusedBeforeTheFirst() throws IOException {
    refused("bomb.yaml", "a: &a [lol,lol]\nb: &b [*a,*a]\nc: &c [*b,*b]\n", "anchor");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a: \"\\u", "a: \"\\x4", "a: \"\\U0011ffff\"", "a: \"\\Uffffffff\""})
  void anEscapeThatNamesNoCharacterIsRefused(String text) throws IOException {
    refused("a.yaml", text, "is not valid YAML");
  }

  @Test
  @Timeout(300)
  void aLongKeyOverManyValuesCostsNoMemory() throws IOException {
    var key = "k".repeat(40_000);
    var values = "[" + "1,".repeat(100_000) + "1]";
    refused("a.json", "{\"" + key + "\": " + values + "}", "a key of more than 200 characters");
    refused("a.yaml", "? " + key + "\n: " + values, "a key of more than 200 characters");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.json", "a.yaml"})
  @Timeout(300)
  void longKeysInsideEachOtherCostLittleMemory(String name) throws IOException {
    var open = ("{\"" + "k".repeat(100) + "\":").repeat(11);
    var text = open + "[" + "1,".repeat(120_000) + "1]" + "}".repeat(11);
    var file = Files.writeString(folder.resolve(name), text);
    var before = used();

    var read = Parameters.read(file, name);

    assertThat(used() - before).as("bytes kept").isLessThan(32_000_000);
    assertThat(read.settings()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.json", "a.yaml"})
  @Timeout(300)
  void deepNestingIsRefusedAtOnce(String name) throws IOException {
    refused(name, "[".repeat(200_000), "nested deeper");
    refused(name, "{\"a\":".repeat(40_000), "nested deeper");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.json", "a.yaml", "a.txt"})
  @Timeout(300)
  void aHundredMegabytesAreNotRead(String name) throws IOException {
    try (var sparse = new java.io.RandomAccessFile(folder.resolve(name).toFile(), "rw")) {
      sparse.setLength(100_000_000);
    }
    assertThatThrownBy(() -> Parameters.read(folder.resolve(name), name))
        .isInstanceOf(ParametersException.class)
        .hasMessageContaining("larger than 256 KB");
  }

  @Test
  @Timeout(300)
  void tenThousandUnknownKeysAreToldShortly() throws IOException {
    var text = new StringBuilder();
    for (int i = 0; i < 10_000; i++) {
      text.append("key").append(i).append(": 1\n");
    }
    new SidecarBytes(folder)
        .judge(text.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private void refused(String name, String text, String reason) throws IOException {
    var file = Files.writeString(folder.resolve(name), text);
    assertThatThrownBy(() -> Parameters.read(file, name))
        .isInstanceOf(ParametersException.class)
        .hasMessageContaining(reason);
  }

  private static long used() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
