package io.klingdrop.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Recordings whose headers lie, or that have other things before, between and behind the sound. */
final class HostileAudioTest {
  private static final int DATA_SIZE = 40;

  @TempDir Path folder;

  @Test
  void anId3TagThatClaims256MegabytesIsCutOff() throws Exception {
    var tag = Fixture.hex("494433 0400 00 7f7f7f7f");
    assertRefused(
        tag.then(Fixture.of("cbr-noxing.mp3")), "the recording is cut off after 6,346 bytes");
  }

  @Test
  void bigAndRepeatedId3TagsAreSkipped() throws Exception {
    var big = Fixture.hex("494433 0300 00 00 0c 00 00").then(chanceSyncWords(12 << 14));
    var mp3 = Fixture.of("cbr-noxing.mp3");
    assertLength(big.then(big).then(mp3), 1_584);
    assertLength(big.then(Fixture.of("voice.aac")), 1_600);
    assertLength(big.then(Fixture.of("voice.flac")), 700);
  }

  @Test
  void syncWordsInTagsBehindTheSoundAreNotCounted() throws Exception {
    var id3v1 = Fixture.latin("TAG").then(chanceSyncWords(125));
    assertLength(Fixture.of("cbr-noxing.mp3").then(id3v1), 1_584);
    var size = Fixture.hex("d0070000 d0070000 01000000 00000000 00000000 00000000");
    var ape = chanceSyncWords(1_968).then(Fixture.latin("APETAGEX")).then(size);
    assertLength(Fixture.of("cbr-noxing.mp3").then(ape).then(id3v1), 1_584);
  }

  @Test
  void aLyingFrameCountIsNotBelieved() throws Exception {
    var mp3 = Fixture.of("info.mp3");
    var frames = mp3.find("Info") + 8;
    assertLength(mp3.bigInt(frames, 1_000_000), 1_584);
    assertLength(mp3.bigInt(frames, 0), 1_584);
    assertLength(mp3.bigInt(frames, -1), 1_584);
  }

  @Test
  void joinedMp3FilesAreMeasuredToTheEnd() throws Exception {
    var first = Fixture.of("info.mp3");
    assertLength(first.then(Fixture.of("vbr-id3.mp3")), 1_584 + 1_584 + 36);
  }

  @Test
  void aVbriTableIsNoSoundAndItsFrameCountIsNotBelieved() throws Exception {
    var mp3 = Fixture.of("cbr-noxing.mp3");
    var table = Fixture.latin("VBRI").then(Fixture.hex("0001 0000 0064 000018c0 00000016"));
    var frame = mp3.first(36).then(table).then(Fixture.zeros(144 - 36 - table.size()));
    assertLength(frame.then(mp3.from(144)), 1_584 - 36);
    assertLength(frame.then(mp3.from(144)).bigInt(46, 0x7fffffff), 1_584 - 36);
    assertRefused(frame.then(mp3.from(144)).bigInt(46, 63_360).bigInt(50, 440), cutOff(mp3.size()));
  }

  @Test
  void garbageBetweenAdtsFramesIsSkipped() throws Exception {
    var aac = Fixture.of("voice.aac");
    var second = aac.from(2).find("\u00ff\u00f1") + 2;
    assertLength(aac.insert(second, chanceSyncWords(900)), 1_600);
    assertLength(aac.insert(second, Fixture.zeros(700)), 1_600);
    var twoRates = Fixture.hex("fff150000120000000 fff154000120000000");
    assertLength(aac.insert(second, Fixture.zeros(9).then(twoRates)), 1_600);
    assertRefused(
        aac.insert(aac.findLast("\u00ff\u00f1"), new Fixture(filled(70_000, 7))),
        "the recording is damaged: more than half of it is not sound");
  }

  @Test
  void aWavWithOddAndUnknownChunksIsMeasured() throws Exception {
    var odd = Fixture.latin("LIST").then(Fixture.hex("05000000 4142434445 00"));
    var wav = Fixture.of("pcm.wav");
    var fmt = wav.find("fmt ");
    assertLength(wav.insert(fmt, odd).insert(fmt, odd), 700);
    assertLength(wav.then(odd), 700);
  }

  @Test
  void aWavChunkThatLeadsNowhereIsCutOff() throws Exception {
    var wav = Fixture.of("pcm.wav");
    var junk = Fixture.latin("junk").then(Fixture.hex("ffffffff"));
    assertRefused(wav.insert(12, junk), cutOff(wav.size() + 8));
  }

  @Test
  void aStreamedWavLastsUntilTheEndOfTheFile() throws Exception {
    var wav = plainWav();
    for (int size : new int[] {0, -1, 0x7ffff000, 0x80000000, 2_000_000_000, 1_999_999_964}) {
      assertLength(wav.littleInt(DATA_SIZE, size).littleInt(4, size), 500);
    }
  }

  @Test
  void aWavWhoseDataSizeCountsTheHeaderIsMeasured() throws Exception {
    for (int size : new int[] {8_044, 8_036, 8_002}) {
      assertLength(plainWav().littleInt(DATA_SIZE, size), 500);
    }
  }

  @Test
  void aWavThatClaimsSomewhatMoreThanItHasIsCutOff() throws Exception {
    assertRefused(plainWav().littleInt(DATA_SIZE, 8_090), cutOff(8_044));
    assertLength(plainWav().littleInt(4, 9_000_000), 500);
    assertLength(plainWav().littleInt(DATA_SIZE, 4_000), 250);
  }

  @Test
  void aWavWithoutSoundOrRateIsRefused() throws Exception {
    assertRefused(plainWav().first(44).littleInt(DATA_SIZE, 0), "the recording holds no sound");
    assertRefused(
        plainWav().littleInt(24, 0).littleInt(28, 0),
        "the recording is damaged: its header gives it no sample rate");
    assertRefused(
        plainWav().put(12, 'x'),
        "the recording is damaged: it does not say how its sound is stored");
    assertLength(Fixture.of("extensible.wav").littleInt(28, 0), 400);
    assertLength(plainWav().put(32, 0).put(33, 0), 500);
  }

  @Test
  void aLyingSampleCountOfAWavIsNotBelieved() throws Exception {
    var wav = Fixture.of("mulaw.wav");
    var fact = wav.find("fact") + 8;
    assertLength(wav.littleInt(fact, 40_000_000), 500);
    assertLength(wav.littleInt(fact, 0), 500);
  }

  @Test
  void anOggThatEndsWithAWholePageIsTakenAsItIs() throws Exception {
    var ogg = Fixture.of("opus.ogg");
    var lastPage = ogg.findLast("OggS");
    var shorter = MediaProbe.audio(ogg.first(lastPage).in(folder, "a.ogg")).length();
    assertThat(shorter).isBetween(Duration.ofMillis(500), Duration.ofMillis(1_490));
  }

  @Test
  void anOggWithHeadersOnlyHoldsNoSound() throws Exception {
    var ogg = Fixture.of("opus.ogg");
    var tags = ogg.from(4).find("OggS") + 4;
    assertRefused(ogg.first(tags), "the recording holds no sound");
  }

  @Test
  void pagesOfAnotherOggStreamAreNotMeasured() throws Exception {
    var ogg = Fixture.of("opus.ogg");
    var page = ogg.from(ogg.findLast("OggS"));
    var foreign = page.littleInt(14, 4_711).littleInt(6, 0x7fffffff).put(5, 0);
    assertLength(ogg.then(foreign), 1_500);
  }

  @Test
  void anOggCutOutOfABroadcastDoesNotCountFromItsBeginning() throws Exception {
    var ogg = Fixture.of("opus.ogg");
    for (int page = 0, next, count = 0; (next = ogg.from(page).find("OggS")) >= 0; count++) {
      page += next + 4;
      ogg = count < 2 ? ogg : ogg.put(page + 5, 1);
    }
    var length = MediaProbe.audio(ogg.in(folder, "radio.ogg")).length();
    assertThat(length).isBetween(Duration.ofMillis(100), Duration.ofMillis(1_520));
  }

  @Test
  void chainedOggStreamsAreAddedUp() throws Exception {
    assertLength(Fixture.of("opus.ogg").then(Fixture.of("vorbis.ogg")), 3_000);
  }

  @Test
  void anImpossibleOggPositionIsRefused() throws Exception {
    var ogg = Fixture.of("vorbis.ogg");
    var granule = ogg.findLast("OggS") + 6;
    assertRefused(
        ogg.littleInt(granule + 4, 0x7fffffff),
        "the recording is damaged: it claims a length of more than 1,000 hours");
  }

  @Test
  void junkBetweenOggPagesIsDamage() throws Exception {
    var ogg = Fixture.of("opus.ogg");
    assertRefused(
        ogg.insert(ogg.findLast("OggS"), Fixture.zeros(40)),
        "the recording is damaged: a page does not start where the one before it ends");
  }

  @Test
  void anId3TagWithoutSoundIsDamage() throws Exception {
    var tag = Fixture.hex("494433 0400 00 00000000");
    assertRefused(
        tag.then(Fixture.zeros(5_000)), "the recording is damaged: no MP3 sound is found in it");
  }

  @Test
  void aFragmentThatClaimsTooManySamplesIsDamage() throws Exception {
    var m4a = Fixture.of("fragmented.m4a");
    assertRefused(
        m4a.bigInt(m4a.find("trun") + 8, -1),
        "the recording is damaged: a fragment claims more than 10,000,000 samples");
  }

  @Test
  void anOggOfNeitherCodecIsRefused() throws Exception {
    var ogg = Fixture.of("opus.ogg");
    assertRefused(
        ogg.put(ogg.find("OpusHead"), 'X'),
        "the Ogg file holds neither Vorbis, Opus, FLAC nor Speex sound");
  }

  @Test
  void aFlacThatPromisesOtherSamplesIsCutOff() throws Exception {
    var flac = Fixture.of("voice.flac");
    assertRefused(flac.bigInt(22, 0x7fffffff), cutOff(flac.size()));
  }

  @Test
  @Timeout(300)
  void aLargeFileOfFalseSyncWordsIsAnsweredInOnePass() throws Exception {
    var trap = new byte[4_000_000];
    // An ADTS header that points 8,003 bytes on, to where none stands.
    var header = Fixture.hex("fff15003e8600000").bytes();
    for (int i = 0; i + 8 < trap.length; i += 8) {
      System.arraycopy(header, 0, trap, i, 8);
    }
    var file = Fixture.of("voice.aac").then(new Fixture(trap));
    assertRefused(file, "the recording is damaged: more than a megabyte of it is not sound");
  }

  private static byte[] filled(int count, int value) {
    var bytes = new byte[count];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static Fixture plainWav() {
    return Fixture.latin("RIFF")
        .then(Fixture.hex("641f0000"))
        .then(Fixture.latin("WAVEfmt "))
        .then(Fixture.hex("10000000 0100 0100 401f0000 803e0000 0200 1000"))
        .then(Fixture.latin("data"))
        .then(Fixture.hex("401f0000"))
        .then(Fixture.zeros(8_000));
  }

  /** Bytes full of MP3 and ADTS sync words that lead nowhere. */
  private static Fixture chanceSyncWords(int count) {
    var junk = Fixture.zeros(count);
    for (int i = 0; i + 8 < count; i += 61) {
      junk.bytes()[i] = (byte) 0xff;
      junk.bytes()[i + 1] = (byte) (i % 2 == 0 ? 0xfb : 0xf1);
      junk.bytes()[i + 2] = (byte) 0x50;
      junk.bytes()[i + 4] = (byte) 0x11;
    }
    return junk;
  }

  private static String cutOff(int size) {
    return "the recording is cut off after %,d bytes".formatted(size);
  }

  private void assertLength(Fixture fixture, long millis) throws Exception {
    assertThat(MediaProbe.audio(fixture.in(folder, "a.bin")).length())
        .isCloseTo(Duration.ofMillis(millis), Duration.ofMillis(1));
  }

  private void assertRefused(Fixture fixture, String message) throws Exception {
    var path = fixture.in(folder, "recording.bin");
    assertThatThrownBy(() -> MediaProbe.audio(path))
        .isInstanceOf(MediaException.class)
        .hasMessage(message);
  }
}
