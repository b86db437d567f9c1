package io.klingdrop.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.klingdrop.testing.TestMedia;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The length that is paid for: all the sound in a file, and none of the encoder's padding. */
final class CountedLengthTest {
  @TempDir Path folder;

  @Test
  void fragmentsBehindAnIndexWithSamplesOfItsOwnAreCountedToo() throws Exception {
    var fragmented = Fixture.of("fragmented.m4a");
    var fragments = fragmented.from(fragmented.find("moof") - 4);
    assertThat(length(Fixture.of("faststart.m4a").then(fragments)))
        .isBetween(Duration.ofMillis(3_050), Duration.ofMillis(3_150));
  }

  @Test
  void anEditListThatHidesMostOfTheSoundIsToldAndNotBelieved() throws Exception {
    var m4a = Fixture.of("faststart.m4a");
    var facts = MediaProbe.audio(m4a.bigInt(m4a.find("elst") + 12, 300).in(folder, "cut.m4a"));
    assertThat(facts.length()).isGreaterThan(Duration.ofMillis(1_490));
    assertThat(facts.oddities())
        .containsExactly(
            "the recording is cut to 0.3 s by a list of edits, but 1.6 s are stored in it and"
                + " counted; export it anew to send the cut one");
  }

  @Test
  void packetsThatMakeMoreSoundThanTheirTimesSayAreCounted() throws Exception {
    var m4a = Fixture.of("faststart.m4a");
    var times = m4a.find("stts") + 8;
    for (int entry = 0; entry < m4a.bytes()[times + 3]; entry++) {
      m4a = m4a.bigInt(times + 8 + entry * 8, 1);
    }
    m4a = m4a.bigInt(m4a.find("mdhd") + 20, 800);
    assertThat(length(m4a)).isBetween(Duration.ofMillis(1_500), Duration.ofMillis(1_650));
  }

  @Test
  void theLongestOfSeveralSoundTracksCounts() throws Exception {
    var first = Fixture.of("faststart.m4a");
    var track = box(first, "trak");
    var short1 = track.bigInt(track.find("elst") + 12, 100);
    var times = short1.find("stts") + 8;
    for (int entry = 0; entry < short1.bytes()[times + 3]; entry++) {
      short1 = short1.bigInt(times + 8 + entry * 8, 1);
    }
    short1 = short1.bigInt(short1.find("mdhd") + 20, 800);
    var codec = short1.find("mp4a");
    var plain = short1.first(codec).then(Fixture.latin("sowt")).then(short1.from(codec + 4));
    var moov = first.find("moov") - 4;
    var joined =
        first
            .insert(first.find("trak") - 4, plain)
            .bigInt(moov, box(first, "moov").size() + plain.size());
    assertThat(length(moveChunks(joined, plain.size())))
        .isCloseTo(Duration.ofMillis(1_500), Duration.ofMillis(1));
  }

  @Test
  void theNoteOnGaplessPlaybackTakesThePaddingOff() throws Exception {
    var m4a = Fixture.of("voice.m4a");
    var without = m4a.put(m4a.find("edts"), 'x');
    assertThat(length(without)).isGreaterThan(Duration.ofMillis(1_550));
    var note = " 00000000 00000400 00000140 " + "%016X".formatted(24_000) + " 00000000";
    var data = "data".concat("\0\0\0\1\0\0\0\0").concat(note);
    var item =
        sized(
            "----"
                + sized("mean\0\0\0\0com.apple.iTunes")
                + sized("name\0\0\0\0iTunSMPB")
                + sized(data));
    var tags = Fixture.latin(sized("udta" + sized("meta\0\0\0\0" + sized("ilst" + item))));
    var moov = without.find("moov") - 4;
    var end = moov + 8;
    var noted = without.insert(end, tags).bigInt(moov, box(without, "moov").size() + tags.size());
    assertThat(length(noted)).isCloseTo(Duration.ofMillis(1_500), Duration.ofMillis(1));
  }

  @Test
  void whatLameNotesAsPaddingIsNoSoundUnlessTheFileWasChangedSince() throws Exception {
    var mp3 = Fixture.of("info.mp3");
    assertThat(length(mp3)).isCloseTo(Duration.ofMillis(1_500), Duration.ofMillis(1));
    var nobody = mp3.put(mp3.find("Info") + 120, 'X');
    assertThat(length(nobody)).isCloseTo(Duration.ofMillis(1_584), Duration.ofMillis(1));
    assertThat(length(mp3.then(mp3.from(144)))).isGreaterThan(Duration.ofMillis(3_000));
  }

  @Test
  void packetsOfOpusCountWhatThePositionsOfThePagesHide() throws Exception {
    var ogg = Fixture.of("opus.ogg");
    for (int page = 0, next, number = 0; (next = ogg.from(page).find("OggS")) >= 0; number++) {
      page += next + 4;
      ogg = number < 2 ? ogg : ogg.littleInt(page + 2, 4_800).littleInt(page + 6, 0);
    }
    assertThat(length(ogg)).isBetween(Duration.ofMillis(1_490), Duration.ofMillis(1_520));
  }

  @Test
  void aTagInTheMiddleThatClaimsTheRestHidesNoSound() throws Exception {
    var mp3 = Fixture.of("cbr-noxing.mp3");
    var lie = Fixture.hex("494433 0400 00 7f7f7f7f");
    assertThat(length(mp3.insert(144 * 5, lie))).isGreaterThan(Duration.ofMillis(1_500));
  }

  @Test
  void aStreamWhoseLastFrameIsCutPlaysAndIsTold() throws Exception {
    for (var name : List.of("voice.aac", "cbr-noxing.mp3")) {
      var whole = Fixture.of(name);
      var facts = MediaProbe.audio(whole.first(whole.size() - 30).in(folder, name));
      assertThat(facts.length()).isGreaterThan(Duration.ofMillis(1_400));
      assertThat(facts.oddities())
          .containsExactly(
              "the last frame of the recording is cut off; if the end is missing, copy the file"
                  + " again");
    }
  }

  @Test
  void aStreamCutAtAWholeBlockIsACopyThatStopped() throws Exception {
    var whole = TestMedia.mp3(folder.resolve("whole.mp3"), Duration.ofSeconds(4), 1);
    var cut = new Fixture(Files.readAllBytes(whole)).first(8_192).in(folder, "cut.mp3");
    assertThatThrownBy(() -> MediaProbe.audio(cut))
        .hasMessage("the recording is cut off after 8,192 bytes");
  }

  @Test
  void bytesBehindTheEndOfAFileAreLeftAlone() throws Exception {
    var behind = Fixture.latin("TAG" + "x".repeat(125)).then(Fixture.latin("and more of it"));
    for (var name : List.of("voice.m4a", "opus.ogg", "vorbis.ogg", "voice.flac", "info.mp3")) {
      var whole = Fixture.of(name);
      assertThat(length(whole.then(behind))).as(name).isEqualTo(length(whole));
    }
    for (var name : List.of("voice.m4a", "opus.ogg", "voice.flac", "info.mp3")) {
      var whole = Fixture.of(name);
      assertThat(length(whole.then(Fixture.zeros(9_000)))).as(name).isEqualTo(length(whole));
    }
  }

  @Test
  void junkAndTagsInFrontOfTheSoundArePassedOver() throws Exception {
    var junk = Fixture.latin("\u0001\u0002x\u0000".repeat(100));
    for (var name : List.of("voice.aac", "cbr-noxing.mp3", "info.mp3")) {
      assertThat(length(junk.then(Fixture.of(name)))).isEqualTo(length(Fixture.of(name)));
    }
    var tag = Fixture.hex("494433 0400 00 00000064").then(Fixture.zeros(100));
    for (var name : List.of("opus.ogg", "pcm.wav", "voice.flac", "voice.aac", "info.mp3")) {
      assertThat(length(tag.then(Fixture.of(name)))).isEqualTo(length(Fixture.of(name)));
    }
    assertThatThrownBy(() -> length(tag.then(Fixture.of("voice.m4a"))))
        .hasMessageStartingWith("an ID3 tag stands before the M4A sound");
  }

  private Duration length(Fixture fixture) throws Exception {
    return MediaProbe.audio(fixture.in(folder, "a.bin")).length();
  }

  private static Fixture box(Fixture file, String type) {
    var start = file.find(type) - 4;
    var size = ByteBuffer.wrap(file.bytes()).getInt(start);
    return file.from(start).first(size);
  }

  private static String sized(String content) {
    var size = content.length() + 4;
    return "" + (char) 0 + (char) 0 + (char) (size >> 8) + (char) (size & 255) + content;
  }

  /** Moves the chunk offsets of all tracks as their bytes have moved. */
  private static Fixture moveChunks(Fixture file, int by) {
    var moved = file;
    for (int table = 0, next; (next = moved.from(table).find("stco")) >= 0; ) {
      table += next + 4;
      var bytes = ByteBuffer.wrap(moved.bytes());
      for (int entry = 0; entry < bytes.getInt(table + 4); entry++) {
        moved = moved.bigInt(table + 8 + entry * 4, bytes.getInt(table + 8 + entry * 4) + by);
      }
    }
    return moved;
  }
}
