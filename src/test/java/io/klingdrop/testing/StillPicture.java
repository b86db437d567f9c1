package io.klingdrop.testing;

import java.util.Random;

/**
 * One H.264 picture of random greys, stored without compression (baseline profile, one slice of
 * {@code I_PCM} macroblocks), and the two parameter sets a decoder needs for it.
 */
final class StillPicture {

  /** Width and height in pixels. */
  static final int SIDE = 64;

  private static final int MACROBLOCKS = SIDE / 16;
  private static final int BYTES_PER_MACROBLOCK = 16 * 16 * 3 / 2;
  private static final int MB_TYPE_I_PCM = 25;
  private static final int SLICE_TYPE_ALL_I = 7;

  private StillPicture() {}

  static byte[] sequenceParameters() {
    return new BitWriter()
        .bits(0x67, 8) // NAL: sequence parameter set
        .bits(66, 8) // baseline
        .bits(0xc0, 8) // constrained
        .bits(10, 8) // level 1.0
        .golomb(0) // id
        .golomb(0) // frame numbers of 4 bits
        .golomb(2) // shown in the order decoded
        .golomb(0) // no reference pictures
        .bits(0, 1)
        .golomb(MACROBLOCKS - 1)
        .golomb(MACROBLOCKS - 1)
        .bits(1, 1) // frames, not fields
        .bits(0, 3) // no 8x8 inference, cropping or usability information
        .finish();
  }

  static byte[] pictureParameters() {
    return new BitWriter()
        .bits(0x68, 8) // NAL: picture parameter set
        .golomb(0) // id
        .golomb(0) // of sequence
        .bits(0, 2) // variable-length coding, no field order
        .golomb(0) // one slice group
        .golomb(0)
        .golomb(0)
        .bits(0, 3) // no weighting
        .golomb(0) // quantisers: the default
        .golomb(0)
        .golomb(0)
        .bits(0, 3) // no deblocking control
        .finish();
  }

  /** The picture; the same random numbers give the same picture. */
  static byte[] slice(Random random) {
    var slice =
        new BitWriter()
            .bits(0x65, 8) // NAL: picture that needs no other
            .golomb(0) // first macroblock
            .golomb(SLICE_TYPE_ALL_I)
            .golomb(0) // parameter set
            .bits(0, 4) // frame number
            .golomb(0) // picture id
            .bits(0, 2) // no marking
            .golomb(0); // quantiser
    for (int i = 0; i < MACROBLOCKS * MACROBLOCKS; i++) {
      slice.golomb(MB_TYPE_I_PCM).align().bytes(greys(random));
    }
    return slice.finish();
  }

  /** Video levels only: no zero bytes, so nothing in the slice can look like a start code. */
  private static byte[] greys(Random random) {
    byte[] greys = new byte[BYTES_PER_MACROBLOCK];
    for (int i = 0; i < greys.length; i++) {
      greys[i] = (byte) (i < 256 ? random.nextInt(16, 236) : 128);
    }
    return greys;
  }
}
