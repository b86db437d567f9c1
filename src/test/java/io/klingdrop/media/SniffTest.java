package io.klingdrop.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SniffTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "rgb.png, image/png",
    "baseline.jpg, image/jpeg",
    "alpha.webp, image/webp",
    "plain.gif, image/gif",
    "plain.bmp, image/bmp",
    "plain.tiff, image/tiff",
    "plain.heic, image/heic",
    "plain.avif, image/avif",
    "plain.aiff, audio/aiff",
    "cbr-noxing.mp3, audio/mpeg",
    "vbr-id3.mp3, audio/mpeg",
    "voice.aac, audio/aac",
    "voice.m4a, audio/mp4",
    "fragmented.m4a, audio/mp4",
    "vorbis.ogg, audio/ogg",
    "theora.ogv, video/ogg",
    "voice.flac, audio/flac",
    "pcm.wav, audio/wav",
    "rf64.wav, audio/wav",
    "av.mp4, video/mp4",
    "clip.mov, video/quicktime",
    "clip.webm, video/webm",
    "clip.mkv, video/x-matroska",
    "README.md, text/plain"
  })
  void theTypeComesFromTheBytes(String name, String mime) throws Exception {
    assertThat(Sniffed.mime(Fixture.of(name).in(folder, "any.bin"))).hasValue(mime);
  }

  @Test
  void anMp4WithSoundOnlyIsARecording() throws Exception {
    var mp4 = Fixture.of("voice.m4a");
    var path = mp4.bigInt(8, 0x69736f6d).in(folder, "voice.mp4");
    assertThat(Sniffed.mime(path)).hasValue("audio/mp4");
  }

  @Test
  void anAvifIsToldByItsOtherBrandsToo() throws Exception {
    var avif = Fixture.of("plain.avif").bigInt(8, 0x6d696631);
    assertThat(Sniffed.mime(avif.in(folder, "a.heic"))).hasValue("image/avif");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<!doctype HTML><p>| text/html",
        "  <html lang=en>| text/html",
        "<?xml version='1.0'?><html>| text/html",
        "<?xml version='1.0'?><Error>| application/xml",
        "<svg xmlns='x'>| image/svg+xml",
        "{\"code\": 404}| application/json",
        "[]| application/json",
        "Grüße, 你好| text/plain",
        "ID3| text/plain",
        "not free of charge| text/plain"
      })
  void pagesAndDataAreTold(String text, String mime) throws Exception {
    assertThat(Sniffed.mime(Fixture.text(text).in(folder, "a.mp4"))).hasValue(mime);
    assertThat(Sniffed.mime(Fixture.text("\ufeff" + text).in(folder, "b.mp4"))).hasValue(mime);
  }

  @Test
  void whatIsUnknownStaysUnknown() throws Exception {
    assertThat(Sniffed.mime(Fixture.zeros(0).in(folder, "empty"))).isEmpty();
    assertThat(Sniffed.mime(Fixture.zeros(5_000).in(folder, "zeros"))).isEmpty();
    assertThat(Sniffed.mime(Fixture.hex("00ff017f").in(folder, "few"))).isEmpty();
    assertThat(Sniffed.mime(Fixture.hex("1a45dfa3").in(folder, "ebml"))).isEmpty();
    assertThat(Sniffed.mime(folder)).isEmpty();
  }

  @Test
  void aLoneSyncWordIsNoMp3() throws Exception {
    var chance = Fixture.hex("fffb9064").then(Fixture.zeros(2_000));
    assertThat(Sniffed.mime(chance.in(folder, "chance"))).isEmpty();
  }
}
