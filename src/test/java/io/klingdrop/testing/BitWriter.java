package io.klingdrop.testing;

import java.io.ByteArrayOutputStream;

/** Bits in the order H.264 wants them, with its variable-length numbers. */
final class BitWriter {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private int current;
  private int used;

  /** The low {@code count} bits of the value, highest first. */
  BitWriter bits(int value, int count) {
    for (int bit = count - 1; bit >= 0; bit--) {
      current = current << 1 | (value >> bit & 1);
      if (++used == 8) {
        bytes.write(current);
        current = 0;
        used = 0;
      }
    }
    return this;
  }

  /** An unsigned Exp-Golomb number, {@code ue(v)} of the standard; 0 serves for {@code se(0)}. */
  BitWriter golomb(int value) {
    int length = 32 - Integer.numberOfLeadingZeros(value + 1);
    return bits(0, length - 1).bits(value + 1, length);
  }

  /** Zero bits up to the next byte. */
  BitWriter align() {
    return used == 0 ? this : bits(0, 8 - used);
  }

  BitWriter bytes(byte[] whole) {
    for (byte next : whole) {
      bits(next, 8);
    }
    return this;
  }

  /** The stop bit and what fills the last byte. */
  byte[] finish() {
    bits(1, 1).align();
    return bytes.toByteArray();
  }
}
