package io.klingdrop.sandbox.video;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.klingdrop.sandbox.samples.SampleMedia;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VideoMakerTest {

  private static final Duration FIVE = Duration.ofSeconds(5);
  private static final double ONE_FRAME = 0.04;

  @TempDir static Path samples;
  @TempDir Path folder;

  @BeforeAll
  static void writeSamples() throws IOException {
    SampleMedia.write(samples);
  }

  @Test
  void aWavVoiceGoesIntoTheVideoAsItIs() throws Exception {
    var voice = samples.resolve("avatar/welcome.wav");
    double expected = (Files.size(voice) - 44) / 32_000.0;

    var movie = make(samples.resolve("avatar/welcome.png"), voice);

    assertThat(movie.seconds()).isCloseTo(expected, within(ONE_FRAME));
    assertThat(movie.frames()).isEqualTo((int) Math.round(expected * 25));
    assertThat(movie.sound()).isEqualTo("sowt");
    assertThat(movie.soundSeconds()).isCloseTo(expected, within(0.001));
    assertThat(movie.height()).isEqualTo(480);
    assertThat(movie.width()).isEqualTo(426);
  }

  @Test
  void anMp3VoiceGoesIntoTheVideoAsItIs() throws Exception {
    var movie =
        make(
            samples.resolve("avatar/course/lesson.png"),
            samples.resolve("avatar/course/lesson.mp3"));

    assertThat(movie.sound()).isEqualTo("mp4a");
    assertThat(movie.soundSeconds()).isCloseTo(6.372, within(0.001));
    assertThat(movie.seconds()).isCloseTo(6.372, within(ONE_FRAME));
  }

  @Test
  void anAacVoiceGoesIntoTheVideoAsItIs() throws Exception {
    var frames = new ByteArrayOutputStream();
    for (int i = 0; i < 94; i++) {
      frames.write(adtsFrame(40 + i % 7));
    }
    var voice = Files.write(folder.resolve("voice.aac"), frames.toByteArray());

    var movie = make(samples.resolve("avatar/welcome.png"), voice);

    assertThat(movie.sound()).isEqualTo("mp4a");
    assertThat(movie.soundSeconds()).isCloseTo(94 * 1024 / 48_000.0, within(0.001));
    assertThat(movie.seconds()).isCloseTo(94 * 1024 / 48_000.0, within(ONE_FRAME));
  }

  @Test
  void aVoiceThatCannotBeCarriedIsShownWithoutSound() throws Exception {
    var voice = Files.write(folder.resolve("voice.wav"), wav(16_000, 24, 16_000 * 3 * 2));

    var movie = make(samples.resolve("avatar/welcome.png"), voice);

    assertThat(movie.sound()).isEqualTo("none");
    assertThat(movie.seconds()).isCloseTo(2, within(ONE_FRAME));
  }

  @Test
  void aVoiceThatIsNoneAtAllIsFiveSecondsOfSilence() throws Exception {
    var voice = Files.writeString(folder.resolve("voice.mp3"), "not a recording");

    var movie = make(samples.resolve("avatar/welcome.png"), voice);

    assertThat(movie.sound()).isEqualTo("none");
    assertThat(movie.seconds()).isEqualTo(5);
  }

  @Test
  void withoutAVoiceThePictureMovesForAsLongAsAsked() throws Exception {
    var target = folder.resolve("moving.mp4");

    VideoMaker.make(samples.resolve("v2-1/landscape.png"), null, Duration.ofSeconds(10), target);

    var movie = Movie.read(target);
    assertThat(movie.frames()).isEqualTo(250);
    assertThat(movie.seconds()).isEqualTo(10);
    assertThat(movie.sound()).isEqualTo("none");
    assertThat(difference(target, 0, 60)).isGreaterThan(1);
  }

  @Test
  void thePictureFollowsTheVoice() throws Exception {
    var bytes = wav(16_000, 16, 16_000 * 2 * 2);
    var samplesOfWav = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 16_000; i++) {
      samplesOfWav.putShort(44 + 32_000 + 2 * i, (short) (20_000 * Math.sin(i / 10.0)));
    }
    var voice = Files.write(folder.resolve("half.wav"), bytes);
    var target = folder.resolve("half.mp4");

    VideoMaker.make(samples.resolve("avatar/welcome.png"), voice, FIVE, target);

    assertThat(difference(target, 3, 20)).isZero();
    assertThat(difference(target, 3, 40)).isGreaterThan(0.5);
  }

  @Test
  void theLoudnessOfAnMp3VoiceFollowsItsWordsAndPauses() {
    var loudness =
        SoundtrackReader.open(samples.resolve("avatar/course/lesson.mp3"), 5).loudness(100);

    assertThat(Arrays.copyOfRange(loudness, 1, 7)).doesNotContain(0).hasSize(6);
    assertThat(Arrays.copyOfRange(loudness, 14, 19)).containsOnly(0);
    assertThat(loudness).contains(1);
  }

  @Test
  void aPictureThatCannotBeDecodedIsReplaced() throws Exception {
    var portrait = Files.writeString(folder.resolve("portrait.webp"), "RIFFxxxxWEBPVP8 ");

    var movie = make(portrait, samples.resolve("avatar/welcome.wav"));

    assertThat(movie.width()).isEqualTo(384);
    assertThat(movie.height()).isEqualTo(480);
  }

  @Test
  void anyShapeOfPictureBecomesAVideoWithEvenSides() throws Exception {
    var portrait = folder.resolve("odd.png");
    ImageIO.write(
        new BufferedImage(1201, 901, BufferedImage.TYPE_INT_RGB), "png", portrait.toFile());

    var movie = make(portrait, samples.resolve("avatar/welcome.wav"));

    assertThat(movie.width()).isEqualTo(480);
    assertThat(movie.height()).isEqualTo(360);
  }

  @Test
  void aMinuteOfSoundBecomesAMinuteOfVideo() throws Exception {
    var voice = Files.write(folder.resolve("long.wav"), wav(8_000, 16, 8_000 * 2 * 60));

    var movie = make(samples.resolve("avatar/welcome.png"), voice);

    assertThat(movie.frames()).isEqualTo(1500);
  }

  private Movie make(Path portrait, Path voice) throws IOException {
    var target = folder.resolve("video.mp4");
    VideoMaker.make(portrait, voice, FIVE, target);
    return Movie.read(target);
  }

  /** Mean difference of brightness between two frames, 0 to 255. */
  private static double difference(Path file, int one, int other) throws Exception {
    var left = Movie.frame(file, one).getPlaneData(0);
    var right = Movie.frame(file, other).getPlaneData(0);
    double sum = 0;
    for (int i = 0; i < left.length; i++) {
      sum += Math.abs(left[i] - right[i]);
    }
    return sum / left.length;
  }

  private static byte[] wav(int rate, int bits, int dataBytes) {
    return ByteBuffer.allocate(44 + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put("RIFF".getBytes(US_ASCII))
        .putInt(36 + dataBytes)
        .put("WAVEfmt ".getBytes(US_ASCII))
        .putInt(16)
        .putShort((short) 1)
        .putShort((short) 1)
        .putInt(rate)
        .putInt(rate * bits / 8)
        .putShort((short) (bits / 8))
        .putShort((short) bits)
        .put("data".getBytes(US_ASCII))
        .putInt(dataBytes)
        .array();
  }

  /** A frame of AAC, low complexity, 48 kHz mono, whose content nobody decodes. */
  private static byte[] adtsFrame(int content) {
    int size = 7 + content;
    return ByteBuffer.allocate(size)
        .putShort((short) 0xFFF1)
        .put((byte) 0x4C)
        .putInt(0x40 << 24 | size << 13 | 0x1FFC)
        .put(6, (byte) 0xFC)
        .array();
  }
}
