package io.klingdrop.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Spoils good bytes, the same way for the same seed: flips, cuts, repeats, splices in a piece of
 * another sample or a word that parsers trip over. For one thread.
 */
public final class Mutant {
  private static final int[] NASTY = {0, 1, 7, 8, 0x1b, 0x7f, 0x80, 0xfe, 0xff};
  private static final List<String> WORDS =
      List.of(
          "null",
          "{",
          "[[[[[[[[[[[[[[[[",
          "}",
          "\"",
          "-1",
          "1e999999999",
          "99999999999999999999999",
          "NaN",
          "\r\n",
          "\u001b[2J",
          "\u202e",
          "\u2028",
          "../..",
          "%0d%0a",
          "&a *a",
          "!!",
          "\ufeff",
          "\\u0000",
          "\\ud800");

  private final Random random;
  private final List<byte[]> samples;

  public Mutant(long seed, List<byte[]> samples) {
    this.random = new Random(seed);
    this.samples = samples;
  }

  /** A sample with one to four things wrong with it. */
  public byte[] next() {
    var bytes = any().clone();
    for (int faults = random.nextInt(4); faults >= 0; faults--) {
      bytes = spoil(bytes);
    }
    return bytes;
  }

  private byte[] any() {
    return samples.get(random.nextInt(samples.size()));
  }

  private byte[] spoil(byte[] bytes) {
    if (bytes.length == 0) {
      return word();
    }
    var at = random.nextInt(bytes.length);
    var to = at + random.nextInt(bytes.length - at);
    switch (random.nextInt(6)) {
      case 0 -> {
        bytes[at] = (byte) NASTY[random.nextInt(NASTY.length)];
        return bytes;
      }
      case 1 -> {
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        return bytes;
      }
      case 2 -> {
        return Arrays.copyOf(bytes, at);
      }
      case 3 -> {
        return join(Arrays.copyOf(bytes, to), Arrays.copyOfRange(bytes, at, bytes.length));
      }
      case 4 -> {
        var other = any();
        var from = random.nextInt(other.length + 1);
        return join(Arrays.copyOf(bytes, at), Arrays.copyOfRange(other, from, other.length));
      }
      default -> {
        return join(Arrays.copyOf(bytes, at), word(), Arrays.copyOfRange(bytes, to, bytes.length));
      }
    }
  }

  private byte[] word() {
    return WORDS.get(random.nextInt(WORDS.size())).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] join(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (var part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
