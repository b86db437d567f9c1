package io.klingdrop.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AudioProbeTest {
  @TempDir Path folder;

  /** The lengths are those of the samples put in where the file knows them, else ffprobe's. */
  @ParameterizedTest
  @CsvSource({
    "cbr-noxing.mp3, audio/mpeg, mp3, 1.584",
    "info.mp3, audio/mpeg, mp3, 1.5",
    "vbr-id3.mp3, audio/mpeg, mp3, 1.5",
    "lame.mp3, audio/mpeg, mp3, 0.6",
    "voice.aac, audio/aac, aac, 1.6",
    "voice.m4a, audio/mp4, m4a, 1.5",
    "faststart.m4a, audio/mp4, m4a, 1.5",
    "fragmented.m4a, audio/mp4, m4a, 1.564",
    "av.mp4, audio/mp4, m4a, 1.0",
    "fragmented-av.mp4, audio/mp4, m4a, 1.2",
    "vorbis.ogg, audio/ogg, ogg, 1.5",
    "opus.ogg, audio/ogg, ogg, 1.5",
    "voice.flac, audio/flac, flac, 0.7",
    "streamed.flac, audio/flac, flac, 0.7",
    "pcm.wav, audio/wav, wav, 0.7",
    "extensible.wav, audio/wav, wav, 0.4",
    "rf64.wav, audio/wav, wav, 0.3",
    "mulaw.wav, audio/wav, wav, 0.5",
    "adpcm.wav, audio/wav, wav, 0.51025"
  })
  void aRecordingTellsItsTypeAndLength(String name, String mime, String ext, double seconds)
      throws Exception {
    var facts = MediaProbe.audio(Fixture.of(name).in(folder, "misleading.bin"));
    assertThat(facts.mimeType()).isEqualTo(mime);
    assertThat(facts.extension()).isEqualTo(ext);
    assertThat(facts.length())
        .isCloseTo(Duration.ofNanos((long) (seconds * 1e9)), Duration.ofMillis(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "info.mp3",
        "vbr-id3.mp3",
        "lame.mp3",
        "voice.m4a",
        "faststart.m4a",
        "fragmented.m4a",
        "av.mp4",
        "vorbis.ogg",
        "opus.ogg",
        "voice.flac",
        "pcm.wav",
        "extensible.wav",
        "rf64.wav",
        "mulaw.wav"
      })
  void aRecordingCutInHalfIsCutOff(String name) throws Exception {
    var whole = Fixture.of(name);
    var size = whole.size() / 2 + 1;
    assertRefused(whole.first(size), "the recording is cut off after %,d bytes".formatted(size));
  }

  @ParameterizedTest
  @ValueSource(strings = {"voice.flac", "opus.ogg", "vorbis.ogg"})
  void aRecordingCutNearItsEndIsCutOff(String name) throws Exception {
    var whole = Fixture.of(name);
    var size = whole.size() - 160;
    if (name.endsWith(".flac")) {
      size = whole.size() - 2_000;
    }
    assertRefused(whole.first(size), "the recording is cut off after %,d bytes".formatted(size));
  }

  @ParameterizedTest
  @CsvSource({
    "info.mp3, mp3",
    "voice.aac, aac",
    "voice.m4a, aac",
    "av.mp4, aac",
    "fragmented.m4a, aac",
    "vorbis.ogg, vorbis",
    "opus.ogg, opus",
    "voice.flac, flac",
    "pcm.wav, pcm",
    "extensible.wav, pcm",
    "mulaw.wav, mulaw",
    "adpcm.wav, adpcm"
  })
  void aRecordingTellsHowItsSoundIsStored(String name, String codec) throws Exception {
    assertThat(MediaProbe.audio(Fixture.of(name).in(folder, "a.bin")).codec()).isEqualTo(codec);
  }

  @Test
  void soundInAnM4aMayBeStoredInManyWays() throws Exception {
    var m4a = Fixture.of("faststart.m4a");
    var entry = m4a.find("mp4a");
    for (var pair : List.of("alac alac", "ac-3 ac3", "Opus opus", "sowt pcm", "fLaC flac")) {
      var named =
          m4a.first(entry).then(Fixture.latin(pair.substring(0, 4))).then(m4a.from(entry + 4));
      assertThat(MediaProbe.audio(named.in(folder, "a.m4a")).codec()).isEqualTo(pair.substring(5));
    }
    var protectedSound = m4a.first(entry).then(Fixture.latin("drms")).then(m4a.from(entry + 4));
    assertRefused(
        protectedSound,
        "the recording is copy-protected, nobody else can play it; export it without protection");
  }

  @Test
  void somethingElseIsNamed() throws Exception {
    assertNamed(Fixture.zeros(0), "a.mp3", "the file is empty (0 bytes)");
    assertNamed(Fixture.of("rgb.png"), "a.mp3", "the file is named .mp3 but holds a PNG picture");
    assertNamed(Fixture.of("rgb.png"), "a.png", "the file holds a PNG picture, not a recording");
    assertNamed(Fixture.text("la la"), "a.wav", "the file is named .wav but holds text");
    assertNamed(
        Fixture.of("plain.aiff"),
        "a.aiff",
        "the file holds AIFF audio, not MP3, WAV, AAC, M4A, Ogg or FLAC");
  }

  @Test
  void aVideoWithoutSoundIsNoRecording() throws Exception {
    assertRefused(Fixture.of("silent.mp4"), "the video has no sound track");
  }

  @Test
  void theOggFileOfAVideoIsNamed() throws Exception {
    assertNamed(Fixture.of("theora.ogv"), "a.ogv", "the file holds an Ogg video, not a recording");
  }

  private void assertRefused(Fixture fixture, String message) throws Exception {
    assertNamed(fixture, "recording.bin", message);
  }

  private void assertNamed(Fixture fixture, String name, String message) throws Exception {
    var path = fixture.in(folder, name);
    assertThatThrownBy(() -> MediaProbe.audio(path))
        .isInstanceOf(MediaException.class)
        .hasMessage(message);
  }
}
