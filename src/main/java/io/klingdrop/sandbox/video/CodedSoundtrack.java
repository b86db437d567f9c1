package io.klingdrop.sandbox.video;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jcodec.codecs.mpeg4.mp4.EsdsBox;
import org.jcodec.common.io.NIOUtils;
import org.jcodec.common.model.Packet;
import org.jcodec.common.model.Packet.FrameType;
import org.jcodec.common.model.Rational;
import org.jcodec.common.model.Unit;
import org.jcodec.containers.mp4.MP4Packet;
import org.jcodec.containers.mp4.MP4TrackType;
import org.jcodec.containers.mp4.boxes.AudioSampleEntry;
import org.jcodec.containers.mp4.boxes.SampleEntry;
import org.jcodec.containers.mp4.demuxer.AbstractMP4DemuxerTrack;
import org.jcodec.containers.mp4.demuxer.MP4Demuxer;
import org.jcodec.containers.mp4.muxer.MP4Muxer;
import org.jcodec.containers.mp4.muxer.MP4MuxerTrack;

/**
 * A compressed voice (AAC, MP3), carried as it is.
 *
 * @param file the recording
 * @param frames its compressed frames, in order
 * @param clock units a second in which frames count their length
 * @param entry what the MP4 file says about the sound
 */
record CodedSoundtrack(ByteBuffer file, List<Frame> frames, int clock, SampleEntry entry)
    implements Soundtrack {
  private static final int FRAMES_PER_CHUNK = 16;
  private static final int[] ADTS_RATES = {
    96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000,
    7_350
  };
  private static final int ADTS_SAMPLES = 1024;
  private static final int MPEG4_AUDIO = 0x40;

  /**
   * One compressed frame.
   *
   * @param start first byte in the file
   * @param size bytes
   * @param length units of the clock
   * @param decibels how loud it is, on a scale of its own
   */
  record Frame(int start, int size, int length, double decibels) {
    /** Its loudness is inside the code; how many bytes it needs is a fair hint of it. */
    static Frame ofSize(int start, int size, int length) {
      return new Frame(start, size, length, 40 * Math.log10(size));
    }
  }

  /** A voice of these frames, with their object type and decoder's settings by ISO 14496-1. */
  static CodedSoundtrack of(
      ByteBuffer file, List<Frame> frames, int rate, int channels, int type, ByteBuffer config) {
    var entry = AudioSampleEntry.compressedAudioSampleEntry("mp4a", 1, 16, channels, rate, 0, 0, 0);
    entry.add(EsdsBox.createEsdsBox(config, type, 0, 128_000, 128_000, 2));
    return new CodedSoundtrack(file, List.copyOf(frames), rate, entry);
  }

  /** Whether a bare AAC recording starts at this byte: a frame with an ADTS header. */
  static boolean isAdts(ByteBuffer file, int at) {
    return at + 7 <= file.limit() && (file.getShort(at) & 0xFFF6) == 0xFFF0;
  }

  /** Finds the frames of a bare AAC recording. */
  static Soundtrack ofAdts(ByteBuffer file) {
    List<Frame> frames = new ArrayList<>();
    int at = 0;
    while (isAdts(file, at)) {
      int size = (file.getInt(at + 3) >> 13) & 0x1FFF;
      int header = (file.get(at + 1) & 1) == 1 ? 7 : 9;
      if (size <= header || at + size > file.limit()) {
        break;
      }
      frames.add(Frame.ofSize(at + header, size - header, ADTS_SAMPLES));
      at += size;
    }
    int first = file.getInt(0);
    int profile = (first >> 14) & 3;
    int rateIndex = (first >> 10) & 15;
    int channels = (first >> 6) & 7;
    short config = (short) ((profile + 1) << 11 | (rateIndex << 7) | (channels << 3));
    var description = ByteBuffer.allocate(2).putShort(0, config);
    return of(file, frames, ADTS_RATES[rateIndex], channels, MPEG4_AUDIO, description);
  }

  /** Finds the frames of an AAC recording inside an MP4 container (m4a). */
  static Soundtrack ofMp4(Path recording, ByteBuffer file) throws IOException {
    try (var channel = NIOUtils.readableChannel(recording.toFile());
        var demuxer = MP4Demuxer.createRawMP4Demuxer(channel)) {
      for (var candidate : demuxer.getAudioTracks()) {
        if (candidate instanceof AbstractMP4DemuxerTrack track
            && track.getSampleEntries().length == 1
            && track.getSampleEntries()[0].getFourcc().equals("mp4a")) {
          List<Frame> frames = new ArrayList<>();
          while (track.nextFrame() instanceof MP4Packet packet) {
            int start = (int) packet.getFileOff();
            frames.add(Frame.ofSize(start, packet.getSize(), (int) packet.getDuration()));
          }
          return new CodedSoundtrack(
              file, frames, (int) track.getTimescale(), track.getSampleEntries()[0]);
        }
      }
    }
    return new SilentSoundtrack(0);
  }

  @Override
  public double seconds() {
    return (double) frames.stream().mapToLong(Frame::length).sum() / clock;
  }

  @Override
  public float[] loudness(int count) {
    var decibels = frames.stream().mapToDouble(Frame::decibels).toArray();
    return Loudness.ofDecibels(Loudness.spread(decibels, count));
  }

  @Override
  public Writer addTo(MP4Muxer muxer) {
    var track = muxer.addTrack(new MP4MuxerTrack(muxer.getNextTrackId(), MP4TrackType.SOUND));
    track.addSampleEntry(entry);
    track.setTgtChunkDuration(new Rational(FRAMES_PER_CHUNK, 1), Unit.FRAME);
    return new Writer() {
      private int next;
      private long written;

      @Override
      public void writeUntil(double seconds) throws IOException {
        while (next < frames.size() && (double) written / clock < seconds) {
          var frame = frames.get(next);
          var data = file.slice(frame.start(), frame.size());
          track.addFrame(
              Packet.createPacket(data, written, clock, frame.length(), next, FrameType.KEY, null));
          written += frame.length();
          next++;
        }
      }
    };
  }
}
