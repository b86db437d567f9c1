package io.klingdrop.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.klingdrop.testing.TestMedia;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of full size that were never filled, as a copy leaves them that has stopped. */
final class StalledCopyTest {
  private static final long THIRTY_GIGABYTES = 30L << 30;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "voice.m4a",
        "faststart.m4a",
        "fragmented.m4a",
        "voice.aac",
        "vbr-id3.mp3",
        "voice.flac",
        "streamed.flac"
      })
  void aRecordingWhoseSecondHalfIsZerosIsRefused(String name) throws Exception {
    var whole = Fixture.of(name);
    var half = whole.size() / 2;
    assertEmpty(whole.first(half).then(Fixture.zeros(whole.size() - half)), "a.bin");
  }

  @Test
  void anOggWhoseSecondHalfIsZerosIsRefused() throws Exception {
    var whole = Fixture.of("vorbis.ogg");
    assertEmpty(whole.then(whole.first(4_000)).then(Fixture.zeros(9_000)), "a.ogg");
    assertEmpty(whole.first(4_000).then(Fixture.zeros(9_000)), "b.ogg");
  }

  @Test
  void aLongMp3WhoseSecondHalfIsZerosIsRefused() throws Exception {
    var mp3 = mp3(Duration.ofSeconds(20));
    assertEmpty(mp3.first(mp3.size() / 2).then(Fixture.zeros(mp3.size() / 2)), "a.mp3");
  }

  @Test
  void aGapInTheMiddleIsRefused() throws Exception {
    var mp3 = mp3(Duration.ofSeconds(20));
    assertGap(mp3, 30_000);
    assertGap(Fixture.of("voice.flac"), 9_000);
    assertGap(Fixture.of("fragmented.m4a"), 4_000);
    var m4a = Fixture.of("faststart.m4a");
    assertGap(m4a, m4a.find("mdat") + 1_000);
  }

  @Test
  void silenceOfAWavIsSoundAndIsTold() throws Exception {
    var wav = TestMedia.wav(folder.resolve("voice.wav"), Duration.ofSeconds(4), 1);
    var bytes = Files.readAllBytes(wav);
    Arrays.fill(bytes, bytes.length / 2, bytes.length, (byte) 0);
    var facts = MediaProbe.audio(Files.write(folder.resolve("half.wav"), bytes));
    assertThat(facts.length()).isEqualTo(Duration.ofSeconds(4));
    assertThat(facts.oddities())
        .containsExactly(
            "the last 50 % of the recording are complete silence; if there should be speech, copy"
                + " the file again");
    assertThat(MediaProbe.audio(wav).oddities()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"host.png", "host.jpg"})
  void aPictureWhoseSecondHalfIsZerosIsRefused(String name) throws Exception {
    var path = folder.resolve(name);
    if (name.endsWith("png")) {
      TestMedia.png(path, 1_200, 1_200, 1);
    } else {
      TestMedia.jpeg(path, 1_200, 1_200, 1);
    }
    var whole = new Fixture(Files.readAllBytes(path));
    var half = whole.size() / 2;
    var broken = whole.first(half).then(Fixture.zeros(whole.size() - half)).in(folder, "b.bin");
    assertThatThrownBy(() -> MediaProbe.image(broken))
        .isInstanceOf(MediaException.class)
        .message()
        .contains("the picture is empty from byte", "copy the file again");
  }

  @Test
  void aGapInThePixelsOfAPngIsRefused() throws Exception {
    var png = Fixture.of("rgb.png");
    var broken = png.put(png.find("IDAT") + 20, 0).put(png.find("IDAT") + 21, 0).in(folder, "a");
    assertThatThrownBy(() -> MediaProbe.image(broken))
        .hasMessage(
            "the picture is damaged: the checksum of its pixels is wrong; copy the file again");
  }

  @Test
  @Timeout(300)
  void aHugeFileOfHolesIsJudgedByAFewLooks() throws Exception {
    for (var name :
        List.of("info.mp3", "voice.aac", "voice.flac", "opus.ogg", "faststart.m4a", "pcm.wav")) {
      var path = huge(Fixture.of(name).first(Fixture.of(name).size() - 700), name);
      assertEnds(() -> MediaProbe.audio(path));
    }
    for (var name : List.of("rgb.png", "baseline.jpg", "lossy.webp")) {
      var path = huge(Fixture.of(name).first(Fixture.of(name).size() - 100), name);
      assertEnds(() -> MediaProbe.image(path));
    }
    for (var name : List.of("silent.mp4", "clip.webm", "clip.mkv")) {
      var path = huge(Fixture.of(name), name);
      assertEnds(() -> MediaProbe.video(path));
    }
  }

  @Test
  @Timeout(300)
  void aHugeFileWithASingleByteAtItsEndIsJudgedToo() throws Exception {
    for (var name : List.of("cbr-noxing.mp3", "voice.aac", "streamed.flac", "baseline.jpg")) {
      var path = huge(Fixture.of(name).first(Fixture.of(name).size() - 100), name);
      try (var file = new RandomAccessFile(path.toFile(), "rw")) {
        file.seek(THIRTY_GIGABYTES - 1);
        file.write(1);
      }
      assertEnds(() -> MediaProbe.audio(path));
      assertEnds(() -> MediaProbe.image(path));
    }
  }

  @Test
  @Timeout(300)
  void aFileOfJunkBehindItsFirstFramesIsNotWalkedToItsEnd() throws Exception {
    var junk = new byte[6_000_000];
    Arrays.fill(junk, (byte) 0x55);
    for (var name : List.of("cbr-noxing.mp3", "voice.aac")) {
      var path = Fixture.of(name).then(new Fixture(junk)).in(folder, "junk.bin");
      assertThatThrownBy(() -> MediaProbe.audio(path))
          .hasMessage("the recording is damaged: more than a megabyte of it is not sound");
    }
  }

  private Path huge(Fixture start, String name) throws Exception {
    var path = start.in(folder, "huge." + name.replaceFirst(".*\\.", ""));
    try (var file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(THIRTY_GIGABYTES);
    }
    return path;
  }

  private Fixture mp3(Duration length) throws Exception {
    return new Fixture(Files.readAllBytes(TestMedia.mp3(folder.resolve("w.mp3"), length, 1)));
  }

  private static void assertEnds(Look look) throws Exception {
    try {
      look.run();
    } catch (MediaException e) {
      assertThat(e).message().isNotBlank();
    }
  }

  private void assertGap(Fixture whole, int from) throws Exception {
    var gap = whole.first(from).then(Fixture.zeros(4_200)).then(whole.from(from + 4_200));
    var path = gap.in(folder, "gap.bin");
    assertThatThrownBy(() -> MediaProbe.audio(path))
        .isInstanceOf(MediaException.class)
        .message()
        .contains("has a gap at byte", "copy the file again");
  }

  private void assertEmpty(Fixture broken, String name) throws Exception {
    var path = broken.in(folder, name);
    assertThatThrownBy(() -> MediaProbe.audio(path))
        .isInstanceOf(MediaException.class)
        .message()
        .contains("is empty from byte", "copy the file again");
  }

  @FunctionalInterface
  private interface Look {
    void run() throws Exception;
  }
}
