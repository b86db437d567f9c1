package io.klingdrop.sandbox.video;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.IntFunction;
import org.jcodec.common.io.NIOUtils;
import org.jcodec.common.model.Packet;
import org.jcodec.common.model.Packet.FrameType;
import org.jcodec.containers.mp4.MP4TrackType;
import org.jcodec.containers.mp4.muxer.MP4Muxer;
import org.jcodec.containers.mp4.muxer.MP4MuxerTrack;
import org.jspecify.annotations.Nullable;

/**
 * Makes a playable MP4 (H.264, 25 frames a second) of a portrait and a voice. Nobody is fooled by
 * it: the portrait nods and a meter at its foot follows the voice. The few pictures this needs are
 * encoded once and repeated, so a minute of video costs about a second.
 *
 * <p>Thread-safe; calls share nothing.
 */
public final class VideoMaker {
  static final int FRAMES_PER_SECOND = 25;

  private static final int LOUDNESS_STEPS = 5;
  private static final int MOTION_STEPS = 16;

  /** A picture stays for at least this many frames. */
  private static final int SHORTEST_STAY = 3;

  /** Players can jump to a key frame only, so there is one at least this often. */
  private static final int LONGEST_STAY = 16 * SHORTEST_STAY;

  private VideoMaker() {}

  /**
   * Makes a video as long as the voice. Sound in WAV (16-bit, mono or stereo), MP3 and AAC goes
   * into the file as it is; a voice in any other form is shown without sound.
   *
   * @param portrait PNG or JPEG; a neutral figure stands in for anything else
   * @param voice the recording, or null for a picture that only moves
   * @param withoutVoice length of the video if there is no voice or its length cannot be told
   * @param target the file to write, replaced if it exists
   * @throws IOException if the target cannot be written
   */
  public static void make(Path portrait, @Nullable Path voice, Duration withoutVoice, Path target)
      throws IOException {
    double seconds = withoutVoice.toMillis() / 1000.0;
    var sound =
        voice == null ? new SilentSoundtrack(seconds) : SoundtrackReader.open(voice, seconds);
    int frames = Math.max(1, (int) Math.round(sound.seconds() * FRAMES_PER_SECOND));
    var picture = Portrait.open(portrait);
    var steps = voice == null ? motion(frames) : loudness(sound, frames);
    IntFunction<BufferedImage> draw =
        voice == null
            ? step -> picture.approached((double) step / (MOTION_STEPS - 1))
            : step -> picture.speaking((double) step / (LOUDNESS_STEPS - 1));
    write(picture, steps, draw, sound, target);
  }

  /** Seconds of the recording, or the given number if that cannot be told. */
  public static double secondsOf(Path voice, double ifUnknown) {
    return SoundtrackReader.open(voice, ifUnknown).seconds();
  }

  private static void write(
      Portrait portrait,
      int[] pictureOfFrame,
      IntFunction<BufferedImage> draw,
      Soundtrack sound,
      Path target)
      throws IOException {
    var stills = new H264Stills(portrait.still().getWidth(), portrait.still().getHeight());
    var pictures = new ByteBuffer[Arrays.stream(pictureOfFrame).max().orElseThrow() + 1];
    for (int picture : Arrays.stream(pictureOfFrame).distinct().toArray()) {
      pictures[picture] = stills.encode(draw.apply(picture));
    }
    try (var file = NIOUtils.writableChannel(target.toFile())) {
      var muxer = MP4Muxer.createMP4MuxerToChannel(file);
      var track = new MP4MuxerTrack(muxer.getNextTrackId(), MP4TrackType.VIDEO);
      muxer.addTrack(track).addSampleEntry(stills.sampleEntry());
      var soundWriter = sound.addTo(muxer);
      int sinceKey = 0;
      for (int i = 0; i < pictureOfFrame.length; i++) {
        boolean changed = i == 0 || pictureOfFrame[i] != pictureOfFrame[i - 1];
        sinceKey = changed || sinceKey + 1 >= LONGEST_STAY ? 0 : sinceKey + 1;
        var data =
            sinceKey == 0 ? pictures[pictureOfFrame[i]].duplicate() : stills.repeat(sinceKey);
        var type = sinceKey == 0 ? FrameType.KEY : FrameType.INTER;
        track.addFrame(Packet.createPacket(data, i, FRAMES_PER_SECOND, 1, i, type, null));
        if ((i + 1) % FRAMES_PER_SECOND == 0) {
          soundWriter.writeUntil((double) (i + 1) / FRAMES_PER_SECOND);
        }
      }
      soundWriter.writeUntil(Double.MAX_VALUE);
      muxer.finish();
    }
  }

  /** Which picture each frame shows: the loudest of three frames, on the steps of a scale. */
  private static int[] loudness(Soundtrack sound, int frames) {
    var loudness = sound.loudness(frames);
    var steps = new int[frames];
    for (int i = 0; i < frames; i += SHORTEST_STAY) {
      int end = Math.min(frames, i + SHORTEST_STAY);
      float loudest = 0;
      for (int at = i; at < end; at++) {
        loudest = Math.max(loudest, loudness[at]);
      }
      Arrays.fill(steps, i, end, Math.round(loudest * (LOUDNESS_STEPS - 1)));
    }
    return steps;
  }

  /** Which picture each frame shows: there and back once in five seconds. */
  private static int[] motion(int frames) {
    var steps = new int[frames];
    for (int i = 0; i < frames; i++) {
      double turn = 2 * Math.PI * (i / SHORTEST_STAY * SHORTEST_STAY) / (5.0 * FRAMES_PER_SECOND);
      steps[i] = (int) Math.round((1 - Math.cos(turn)) / 2 * (MOTION_STEPS - 1));
    }
    return steps;
  }
}
