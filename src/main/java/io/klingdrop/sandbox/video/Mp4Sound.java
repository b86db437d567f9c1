package io.klingdrop.sandbox.video;

import io.klingdrop.sandbox.video.CodedSoundtrack.Frame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jcodec.common.io.NIOUtils;
import org.jcodec.containers.mp4.MP4Packet;
import org.jcodec.containers.mp4.demuxer.AbstractMP4DemuxerTrack;
import org.jcodec.containers.mp4.demuxer.MP4Demuxer;

/** Finds the frames of an AAC recording inside an MP4 container (m4a). */
final class Mp4Sound {

  private Mp4Sound() {}

  static Soundtrack open(Path recording, ByteBuffer file) throws IOException {
    try (var channel = NIOUtils.readableChannel(recording.toFile());
        var demuxer = MP4Demuxer.createRawMP4Demuxer(channel)) {
      for (var candidate : demuxer.getAudioTracks()) {
        if (candidate instanceof AbstractMP4DemuxerTrack track
            && track.getSampleEntries().length == 1
            && track.getSampleEntries()[0].getFourcc().equals("mp4a")) {
          return new CodedSoundtrack(
              file, frames(track), (int) track.getTimescale(), track.getSampleEntries()[0]);
        }
      }
    }
    return new SilentSoundtrack(0);
  }

  private static List<Frame> frames(AbstractMP4DemuxerTrack track) throws IOException {
    List<Frame> frames = new ArrayList<>();
    while (track.nextFrame() instanceof MP4Packet packet) {
      frames.add(
          new Frame(
              (int) packet.getFileOff(),
              packet.getSize(),
              (int) packet.getDuration(),
              AdtsSound.decibels(packet.getSize())));
    }
    return List.copyOf(frames);
  }
}
