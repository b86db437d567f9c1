package io.klingdrop.sandbox.video;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jcodec.common.model.Packet;
import org.jcodec.common.model.Packet.FrameType;
import org.jcodec.common.model.Rational;
import org.jcodec.common.model.Unit;
import org.jcodec.containers.mp4.MP4TrackType;
import org.jcodec.containers.mp4.boxes.SampleEntry;
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

  /**
   * One compressed frame.
   *
   * @param start first byte in the file
   * @param size bytes
   * @param length units of the clock
   * @param decibels how loud it is, on a scale of its own
   */
  record Frame(int start, int size, int length, double decibels) {}

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
    return new FrameWriter(track);
  }

  private final class FrameWriter implements Writer {
    private final MP4MuxerTrack track;
    private int next;
    private long written;

    FrameWriter(MP4MuxerTrack track) {
      this.track = track;
    }

    @Override
    public void writeUntil(double seconds) throws IOException {
      while (next < frames.size() && (double) written / clock < seconds) {
        var frame = frames.get(next);
        track.addFrame(
            Packet.createPacket(
                file.slice(frame.start(), frame.size()),
                written,
                clock,
                frame.length(),
                next,
                FrameType.KEY,
                null));
        written += frame.length();
        next++;
      }
    }
  }
}
