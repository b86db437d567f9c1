package io.klingdrop.sandbox.video;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jcodec.containers.mp4.muxer.MP4Muxer;

/** A stretch of silence: the voice of a video that has none, or none that can be carried. */
record SilentSoundtrack(double seconds) implements Soundtrack {
  private static final int OPUS_CLOCK = 48_000;
  private static final int PAGE_HEADER = 27;

  /** Reads the length of an Ogg recording (Vorbis or Opus) off its last page. */
  static SilentSoundtrack ofOgg(ByteBuffer bytes) {
    var file = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int firstPacket = PAGE_HEADER + Byte.toUnsignedInt(file.get(PAGE_HEADER - 1));
    boolean opus = file.get(firstPacket) == 'O';
    int clock = opus ? OPUS_CLOCK : file.getInt(firstPacket + 12);
    for (int at = file.limit() - PAGE_HEADER; at > 0; at--) {
      if (file.getInt(at) == 0x5367674F) {
        return new SilentSoundtrack((double) file.getLong(at + 6) / clock);
      }
    }
    return new SilentSoundtrack(0);
  }

  @Override
  public float[] loudness(int frames) {
    return new float[frames];
  }

  @Override
  public Writer addTo(MP4Muxer muxer) {
    return until -> {};
  }
}
