package io.klingdrop.sandbox.video;

import java.io.IOException;
import java.nio.file.Path;
import org.jcodec.api.FrameGrab;
import org.jcodec.api.JCodecException;
import org.jcodec.common.io.NIOUtils;
import org.jcodec.common.model.Picture;
import org.jcodec.containers.mp4.demuxer.AbstractMP4DemuxerTrack;
import org.jcodec.containers.mp4.demuxer.MP4Demuxer;

/** What a player finds in a video: an independent reading of the file. */
public record Movie(
    int frames, double seconds, int width, int height, String sound, double soundSeconds) {

  public static Movie read(Path file) throws IOException {
    try (var channel = NIOUtils.readableChannel(file.toFile());
        var demuxer = MP4Demuxer.createRawMP4Demuxer(channel)) {
      var video = (AbstractMP4DemuxerTrack) demuxer.getVideoTrack();
      var size = video.getMeta().getVideoCodecMeta().getSize();
      var sounds = demuxer.getAudioTracks();
      var sound = sounds.isEmpty() ? null : (AbstractMP4DemuxerTrack) sounds.get(0);
      return new Movie(
          (int) video.getFrameCount(),
          seconds(video),
          size.getWidth(),
          size.getHeight(),
          sound == null ? "none" : sound.getSampleEntries()[0].getFourcc(),
          sound == null ? 0 : seconds(sound));
    }
  }

  /** Decodes one frame, counted from 0. */
  static Picture frame(Path file, int number) throws IOException, JCodecException {
    return FrameGrab.getFrameFromFile(file.toFile(), number);
  }

  private static double seconds(AbstractMP4DemuxerTrack track) {
    return track.getDuration().scalar();
  }
}
