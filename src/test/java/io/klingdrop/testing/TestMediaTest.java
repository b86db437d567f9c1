package io.klingdrop.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;
import org.jcodec.codecs.h264.H264Utils;
import org.jcodec.common.Codec;
import org.jcodec.common.io.ByteBufferSeekableByteChannel;
import org.jcodec.containers.mp4.demuxer.MP4Demuxer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The media made for tests are what they claim to be, by the word of independent readers. */
class TestMediaTest {

  @TempDir private Path folder;

  @Test
  void picturesCanBeRead() throws IOException {
    BufferedImage png = ImageIO.read(TestMedia.png(folder.resolve("a.png"), 64, 48, 1).toFile());
    BufferedImage jpeg = ImageIO.read(TestMedia.jpeg(folder.resolve("a.jpg"), 30, 20, 1).toFile());
    assertThat(png.getWidth()).isEqualTo(64);
    assertThat(png.getHeight()).isEqualTo(48);
    assertThat(jpeg.getWidth()).isEqualTo(30);
  }

  @Test
  void aWavHasItsLength() throws IOException, UnsupportedAudioFileException {
    Path wav = TestMedia.wav(folder.resolve("a.wav"), Duration.ofMillis(1500), 1);
    AudioFileFormat format = AudioSystem.getAudioFileFormat(wav.toFile());
    assertThat(format.getFrameLength()).isEqualTo(12_000);
    assertThat(format.getFormat().getSampleRate()).isEqualTo(8000);
    assertThat(format.getByteLength()).isEqualTo((int) Files.size(wav));
  }

  @Test
  void anMp3IsMadeOfWholeFrames() throws IOException {
    byte[] mp3 =
        Files.readAllBytes(TestMedia.mp3(folder.resolve("a.mp3"), Duration.ofSeconds(2), 1));
    assertThat(mp3).hasSize(77 * 104);
    for (int at = 0; at < mp3.length; at += 104) {
      assertThat(mp3[at]).isEqualTo((byte) 0xff);
      assertThat(mp3[at + 1]).isEqualTo((byte) 0xfb);
    }
  }

  @Test
  void theSeedMakesTheBytes() throws IOException {
    List<String> some = digests(7);
    assertThat(digests(7)).isEqualTo(some);
    assertThat(digests(8)).doesNotContainAnyElementsOf(some);
  }

  @Test
  void aPairLeavesNothingElseBehind() throws IOException {
    Path inbox = folder.resolve("in/box");
    TestMedia.Pair pair = TestMedia.pair(inbox, "anna", 3);
    try (Stream<Path> files = Files.list(inbox)) {
      assertThat(files).containsExactlyInAnyOrder(pair.image(), pair.audio());
    }
    assertThat(pair.image()).hasFileName("anna.png");
    assertThat(pair.audioSha256()).isEqualTo(Digests.sha256(pair.audio()));
  }

  @Test
  void aVideoCanBeDemuxed() throws IOException {
    byte[] mp4 = Mp4.video(Duration.ofMillis(2500), "label-1", 99);
    var channel = ByteBufferSeekableByteChannel.readFromByteBuffer(ByteBuffer.wrap(mp4));
    try (MP4Demuxer demuxer = MP4Demuxer.createMP4Demuxer(channel)) {
      var meta = demuxer.getVideoTrack().getMeta();
      assertThat(meta.getCodec()).isEqualTo(Codec.H264);
      assertThat(meta.getTotalDuration()).isEqualTo(2.5);
      var size = meta.getVideoCodecMeta().getSize();
      assertThat(size.getWidth()).isEqualTo(StillPicture.SIDE);
      ByteBuffer sample = demuxer.getVideoTrack().nextFrame().getData();
      assertThat(H264Utils.splitFrame(sample))
          .as("both parameter sets and a picture that needs no other")
          .extracting(unit -> unit.get(unit.position()))
          .containsExactly((byte) 0x67, (byte) 0x68, (byte) 0x65);
    }
    assertThat(new String(mp4, StandardCharsets.ISO_8859_1)).contains("label-1");
    assertThat(mp4).isNotEqualTo(Mp4.video(Duration.ofMillis(2500), "label-2", 99));
  }

  @Test
  void aPaddedVideoEndsWithItsMediaData() throws IOException {
    Body body = Mp4.padded(Duration.ofSeconds(3), "big", 1_000_000);
    ByteBuffer mp4 = ByteBuffer.wrap(body.bytes());
    assertThat(mp4.capacity()).isEqualTo(1_000_000);
    List<String> boxes = new ArrayList<>();
    for (int at = 0; at < mp4.capacity(); at += mp4.getInt(at)) {
      boxes.add(new String(mp4.array(), at + 4, 4, StandardCharsets.US_ASCII));
    }
    assertThat(boxes).containsExactly("ftyp", "moov", "mdat");
  }

  private List<String> digests(long seed) throws IOException {
    return List.of(
        Digests.sha256(TestMedia.png(folder.resolve("x"), 100, 100, seed)),
        Digests.sha256(TestMedia.jpeg(folder.resolve("x"), 100, 100, seed)),
        Digests.sha256(TestMedia.wav(folder.resolve("x"), Duration.ofSeconds(1), seed)),
        Digests.sha256(TestMedia.mp3(folder.resolve("x"), Duration.ofSeconds(1), seed)));
  }
}
