package io.klingdrop.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class VideoProbeTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "av.mp4, video/mp4, mp4",
    "silent.mp4, video/mp4, mp4",
    "fragmented.mp4, video/mp4, mp4",
    "fragmented-av.mp4, video/mp4, mp4",
    "clip.mov, video/quicktime, mov",
    "clip.webm, video/webm, webm",
    "clip.mkv, video/x-matroska, mkv"
  })
  void aVideoTellsItsTypeAndLength(String name, String mime, String ext) throws Exception {
    var facts = MediaProbe.video(Fixture.of(name).in(folder, "result.part"));
    assertThat(facts.mimeType()).isEqualTo(mime);
    assertThat(facts.extension()).isEqualTo(ext);
    assertThat(facts.length().orElseThrow())
        .isCloseTo(Duration.ofSeconds(1), Duration.ofMillis(25));
  }

  @Test
  void aLiveRecordingHasNoLength() throws Exception {
    var facts = MediaProbe.video(Fixture.of("live.webm").in(folder, "live.webm"));
    assertThat(facts).isEqualTo(new VideoFacts("video/webm", "webm", Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"av.mp4", "silent.mp4", "clip.mov", "clip.webm", "clip.mkv"})
  void aVideoCutAnywhereIsRefused(String name) throws Exception {
    var whole = Fixture.of(name);
    for (int size = 64; size < whole.size(); size += 13) {
      var path = whole.first(size).in(folder, "cut.mp4");
      assertThatThrownBy(() -> MediaProbe.video(path))
          .isInstanceOf(MediaException.class)
          .message()
          .containsAnyOf("cut off after %,d bytes".formatted(size), "has no index");
    }
  }

  @Test
  void whatServersSendInsteadOfAVideoIsNamed() throws Exception {
    assertRefused(
        Fixture.text("<!DOCTYPE html><html><title>404</title>"),
        "the file holds an HTML page, not a video");
    assertRefused(Fixture.text("{\"code\":404}"), "the file holds JSON, not a video");
    assertRefused(
        Fixture.text("<?xml version=\"1.0\"?><Error/>"), "the file holds XML, not a video");
    assertRefused(Fixture.zeros(0), "the file is empty (0 bytes)");
    assertRefused(
        Fixture.zeros(4_096),
        "the file is not a video of a known kind, its first bytes are 00 00 00 00");
    assertRefused(Fixture.of("baseline.jpg"), "the file holds a JPEG picture, not a video");
    assertRefused(Fixture.of("voice.m4a"), "the file holds M4A audio, not a video");
  }

  @Test
  void boxSizesThatLieAreRefused() throws Exception {
    var video = Fixture.of("silent.mp4");
    var moov = video.find("moov") - 4;
    var cutOff = "the video is cut off after 2,365 bytes";
    assertRefused(video.bigInt(moov, -2), cutOff);
    assertRefused(video.bigInt(moov, 0x7fffffff), cutOff);
    var tooShort = "the video is damaged: a part is shorter than its own header";
    assertRefused(video.bigInt(moov, 7), tooShort);
    assertRefused(wide(video, moov, "0000000000000000"), tooShort);
    assertRefused(wide(video, moov, "ffffffffffffff00"), "the video is cut off after 2,373 bytes");
    assertRefused(wide(video, moov, "7fffffffffffffff"), "the video is cut off after 2,373 bytes");
    var mvhd = video.find("mvhd") - 4;
    assertRefused(
        video.bigInt(mvhd, 0x00ffffff),
        "the video is damaged: a part reaches past the end of the one around it");
    assertRefused(video.bigInt(mvhd, 9), "the video is damaged: a part is shorter than its fields");
  }

  @Test
  void wideAndOpenBoxesAreFollowed() throws Exception {
    var video = Fixture.of("silent.mp4");
    var moov = video.find("moov") - 4;
    var length = "%016x".formatted(moovLength(video, moov) + 8);
    assertSecond(wide(video, moov, length));
    assertSecond(video.bigInt(video.find("mdat") - 4, 0));
    assertSecond(video.then(Fixture.zeros(5)));
  }

  @Test
  void fragmentsWithoutIndexAreAVideoOfUnknownLength() throws Exception {
    var video = Fixture.of("fragmented.mp4");
    var moov = video.find("moov") - 4;
    var segments = video.first(moov).then(video.from(moov + moovLength(video, moov)));
    var facts = MediaProbe.video(segments.in(folder, "segments.mp4"));
    assertThat(facts).isEqualTo(new VideoFacts("video/mp4", "mp4", Optional.empty()));
  }

  @Test
  void aSampleLengthStatedOnceHoldsForAllFragments() throws Exception {
    var video = Fixture.of("fragmented.mp4");
    var ticks = ByteBuffer.wrap(video.bytes()).getInt(video.find("tfhd") + 12);
    var stated = video.bigInt(video.find("trex") + 16, ticks);
    for (int tfhd = 0, next; (next = stated.from(tfhd).find("tfhd")) >= 0; ) {
      tfhd += next + 4;
      stated = stated.put(tfhd + 3, stated.bytes()[tfhd + 3] & ~8);
    }
    assertSecond(stated);
  }

  @Test
  void bytesBehindTheLastBoxAreLeftAlone() throws Exception {
    var video = Fixture.of("silent.mp4");
    assertSecond(video.then(Fixture.latin("abc")));
    assertSecond(video.then(Fixture.latin("something that is no box")));
  }

  @Test
  void aVideoWithoutIndexIsRefused() throws Exception {
    var video = Fixture.of("silent.mp4");
    assertRefused(
        video.first(video.find("moov") - 4),
        "the video is damaged: it has no index (moov box), so it was cut off or never finished");
  }

  @Test
  void endlessTinyBoxesEnd() throws Exception {
    var free = Fixture.hex("00000008").then(Fixture.latin("free"));
    var many = Fixture.of("silent.mp4").first(32);
    for (int i = 0; i < 17; i++) {
      free = free.then(free);
    }
    assertRefused(many.then(free), "the video is damaged: it has more than 100,000 parts");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void boxesInBoxesWithoutEndAreNotFollowed(int level) throws Exception {
    var path = List.of("moov", "trak", "mdia", "minf", "stbl");
    var deep = ByteBuffer.allocate(800_000);
    for (int depth = 0; deep.hasRemaining(); depth++) {
      var type = path.get(Math.min(depth, level - 1));
      deep.putInt(deep.remaining()).put(type.getBytes(StandardCharsets.US_ASCII));
    }
    var video = Fixture.of("silent.mp4").first(32).then(new Fixture(deep.array()));
    assertThat(MediaProbe.video(video.in(folder, "deep.mp4")).length()).isEmpty();
  }

  @Test
  void anImpossibleLengthIsRefused() throws Exception {
    var video = Fixture.of("silent.mp4");
    var mvhd = video.find("mvhd") + 4;
    assertRefused(
        video.bigInt(mvhd + 12, 1).bigInt(mvhd + 16, -2),
        "the video is damaged: it claims a length of more than 1,000 hours");
    assertRefused(
        video.bigInt(mvhd + 12, 0), "the video is damaged: it claims an impossible length");
    assertRefused(
        video.put(mvhd, 1).bigInt(mvhd + 24, -5),
        "the video is damaged: it claims an impossible length");
  }

  @Test
  void anElementOfAnUnreadableSizeIsDamage() throws Exception {
    var video = Fixture.of("clip.webm");
    var segment = video.find("\u0018\u0053\u0080\u0067");
    assertRefused(video.put(segment + 4, 0), "the video is damaged: a part has no readable size");
  }

  @Test
  void anUnknownLengthIsEmpty() throws Exception {
    var video = Fixture.of("silent.mp4");
    var path = video.bigInt(video.find("mvhd") + 20, -1).in(folder, "a.mp4");
    assertThat(MediaProbe.video(path).length()).isEmpty();
  }

  private static int moovLength(Fixture video, int moov) {
    return ByteBuffer.wrap(video.bytes()).getInt(moov);
  }

  /** The same box with a 64-bit size. */
  private static Fixture wide(Fixture video, int box, String length) {
    return video.bigInt(box, 1).insert(box + 8, Fixture.hex(length));
  }

  private void assertSecond(Fixture fixture) throws Exception {
    assertThat(MediaProbe.video(fixture.in(folder, "a.mp4")).length())
        .hasValue(Duration.ofSeconds(1));
  }

  private void assertRefused(Fixture fixture, String message) throws Exception {
    var path = fixture.in(folder, "result.mp4");
    assertThatThrownBy(() -> MediaProbe.video(path))
        .isInstanceOf(MediaException.class)
        .hasMessage(message);
  }
}
