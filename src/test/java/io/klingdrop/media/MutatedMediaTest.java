package io.klingdrop.media;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Flips, cuts and doubles bytes of every fixture, the same way in every run. */
final class MutatedMediaTest {
  private static final int ROUNDS = 100;
  private static final int[] REACHES = {48, 48, 400, Integer.MAX_VALUE};
  private static final int[] NASTY = {0, 1, 7, 8, 0x7f, 0x80, 0xfe, 0xff};

  @TempDir Path folder;

  @Test
  @Timeout(300)
  void aMutatedFileIsRefusedOrAnsweredSanely() {
    var random = new Random(20_261_121);
    var media = new MediaBytes(folder);
    for (var name : MediaBytes.names()) {
      var whole = Fixture.of(name).bytes();
      for (int round = 0; round < ROUNDS; round++) {
        var bytes = mutate(whole, random);
        try {
          media.judge(bytes);
        } catch (RuntimeException | AssertionError e) {
          throw new AssertionError(name + " round " + round, e);
        }
      }
    }
  }

  private static byte[] mutate(byte[] whole, Random random) {
    var bytes = whole.clone();
    // Headers stand at the front or at the back, so that is where most flips go.
    var reach = Math.min(bytes.length, REACHES[random.nextInt(REACHES.length)]);
    var atBack = random.nextInt(4) == 0;
    for (int flips = random.nextInt(8); flips >= 0; flips--) {
      var offset = random.nextInt(reach);
      var position = atBack ? bytes.length - 1 - offset : offset;
      bytes[position] =
          (byte) (random.nextBoolean() ? NASTY[random.nextInt(NASTY.length)] : random.nextInt(256));
    }
    return random.nextInt(3) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
  }
}
