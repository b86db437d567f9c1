package io.klingdrop.sandbox.video;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jcodec.common.AudioFormat;
import org.jcodec.containers.mp4.muxer.MP4Muxer;

/**
 * 16-bit samples as a WAV file holds them.
 *
 * @param samples little-endian, channels interleaved
 * @param rate samples a second
 * @param channels 1 or 2
 */
record PcmSoundtrack(ByteBuffer samples, int rate, int channels) implements Soundtrack {
  private static final int CHUNK_HEADER = 8;
  private static final int FORMAT_PCM = 1;
  private static final int FORMAT_EXTENSIBLE = 0xFFFE;

  /** Reads the chunks of a WAV file; a length beyond the end of the file means up to the end. */
  static Soundtrack ofWav(ByteBuffer bytes) {
    var file = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int format = 0;
    int channels = 0;
    int rate = 0;
    int bits = 0;
    long bytesPerSecond = 0;
    int at = 12;
    while (at + CHUNK_HEADER <= file.limit()) {
      int name = file.getInt(at);
      int start = at + CHUNK_HEADER;
      int length =
          (int) Math.min(Integer.toUnsignedLong(file.getInt(at + 4)), (long) file.limit() - start);
      if (name == 0x20746D66) {
        format = Short.toUnsignedInt(file.getShort(start));
        channels = file.getShort(start + 2);
        rate = file.getInt(start + 4);
        bytesPerSecond = Integer.toUnsignedLong(file.getInt(start + 8));
        bits = file.getShort(start + 14);
      } else if (name == 0x61746164) {
        boolean plain = (format == FORMAT_PCM || format == FORMAT_EXTENSIBLE) && bits == 16;
        if (plain && (channels == 1 || channels == 2) && rate > 0) {
          int frame = 2 * channels;
          return new PcmSoundtrack(file.slice(start, length / frame * frame), rate, channels);
        }
        return new SilentSoundtrack(bytesPerSecond == 0 ? 0 : (double) length / bytesPerSecond);
      }
      at = start + length + (length & 1);
    }
    return new SilentSoundtrack(0);
  }

  @Override
  public double seconds() {
    return (double) sampleFrames() / rate;
  }

  @Override
  public float[] loudness(int frames) {
    var read = samples.duplicate().order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
    var decibels = new double[frames];
    for (int i = 0; i < frames; i++) {
      int from = (int) ((long) i * read.limit() / frames);
      int to = (int) ((i + 1L) * read.limit() / frames);
      double sum = 0;
      for (int at = from; at < to; at++) {
        sum += (double) read.get(at) * read.get(at);
      }
      decibels[i] = 10 * Math.log10(sum / Math.max(1, to - from));
    }
    return Loudness.ofDecibels(decibels);
  }

  @Override
  public Writer addTo(MP4Muxer muxer) {
    var track = muxer.addPCMAudioTrack(new AudioFormat(rate, 16, channels, true, false));
    var rest = samples.duplicate();
    return until -> {
      long end = Math.min(sampleFrames(), Math.round(until * rate)) * 2 * channels;
      if (end > rest.position()) {
        track.addSamples(samples.slice(rest.position(), (int) end - rest.position()));
        rest.position((int) end);
      }
    };
  }

  private int sampleFrames() {
    return samples.limit() / (2 * channels);
  }
}
