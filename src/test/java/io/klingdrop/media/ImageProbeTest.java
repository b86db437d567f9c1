package io.klingdrop.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ImageProbeTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "rgb.png, image/png, png, 64, 48",
    "alpha.png, image/png, png, 70, 50",
    "baseline.jpg, image/jpeg, jpg, 80, 60",
    "progressive.jpg, image/jpeg, jpg, 72, 40",
    "lossy.webp, image/webp, webp, 64, 48",
    "lossless.webp, image/webp, webp, 64, 48",
    "alpha.webp, image/webp, webp, 70, 50"
  })
  void aPictureTellsItsTypeAndSides(String name, String mime, String ext, int w, int h)
      throws Exception {
    var path = Fixture.of(name).in(folder, "misleading.bin");
    assertThat(MediaProbe.image(path)).isEqualTo(new ImageFacts(mime, ext, w, h, List.of()));
  }

  @Test
  void aDecompressionBombOnlyReportsItsSides() throws Exception {
    var bomb = Fixture.of("rgb.png").bigInt(16, 30_000).bigInt(20, 30_000);
    assertThat(MediaProbe.image(bomb.in(folder, "bomb.png")))
        .isEqualTo(new ImageFacts("image/png", "png", 30_000, 30_000, List.of()));
    assertRefused(
        Fixture.of("rgb.png").bigInt(16, 60_000).bigInt(20, 60_000),
        "the picture is damaged: its header claims 60000 x 60000 pixels");
  }

  @Test
  void aPngThatClaimsAHugeChunkIsCutOffAndCostsNoMemory() throws Exception {
    var png = Fixture.of("rgb.png");
    var idat = png.find("IDAT");
    assertRefused(png.bigInt(idat - 4, 0x7fffffff), "the picture is cut off after 469 bytes");
    assertRefused(png.bigInt(idat - 4, -1), "the picture is cut off after 469 bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rgb.png", "alpha.png", "baseline.jpg", "progressive.jpg"})
  void aPictureCutAnywhereIsCutOff(String name) throws Exception {
    var whole = Fixture.of(name);
    for (int size = 40; size < whole.size(); size += 7) {
      assertRefused(whole.first(size), "the picture is cut off after %,d bytes".formatted(size));
    }
    var almost = whole.size() - 1;
    assertRefused(whole.first(almost), "the picture is cut off after %,d bytes".formatted(almost));
  }

  @ParameterizedTest
  @ValueSource(strings = {"lossy.webp", "lossless.webp", "alpha.webp"})
  void aWebpCutAnywhereIsCutOff(String name) throws Exception {
    var whole = Fixture.of(name);
    for (int size = 12; size < whole.size(); size++) {
      assertRefused(whole.first(size), "the picture is cut off after %,d bytes".formatted(size));
    }
  }

  @Test
  void aWebpChunkPastTheEndIsDamage() throws Exception {
    var webp = Fixture.of("lossy.webp").littleInt(16, 0x7fffffff);
    assertRefused(webp, "the picture is damaged: a chunk reaches past the end of the picture");
  }

  @Test
  void bytesBehindTheEndOfAJpegAreLeftAlone() throws Exception {
    var motion = Fixture.of("baseline.jpg").then(Fixture.of("av.mp4"));
    assertThat(MediaProbe.image(motion.in(folder, "motion.jpg")).width()).isEqualTo(80);
  }

  @Test
  void theThumbnailInsideAJpegIsNotItsEnd() throws Exception {
    var thumbnail = Fixture.of("progressive.jpg");
    var segment = Fixture.hex("ffe1").then(Fixture.hex("%04x".formatted(thumbnail.size() + 2)));
    var jpeg = Fixture.of("baseline.jpg").insert(2, segment.then(thumbnail));
    assertThat(MediaProbe.image(jpeg.in(folder, "exif.jpg")).width()).isEqualTo(80);
    assertRefused(jpeg.first(jpeg.size() - 2), "the picture is cut off after 4,577 bytes");
  }

  @Test
  void anOrientationIsToldWhereverItIsNoted() throws Exception {
    var little = Fixture.hex("49492a0008000000 0100 12010300 01000000 06000000 00000000");
    var big = Fixture.hex("4d4d002a00000008 0001 01120003 00000001 00030000 00000000");
    var name = Fixture.latin("Exif\0\0");
    var jpeg = Fixture.of("baseline.jpg");
    assertOdd(jpeg.insert(2, segment(name.then(little))), "stored lying on its side (EXIF orient");
    assertOdd(jpeg.insert(2, segment(name.then(big))), "stored upside down (EXIF orientation 3)");
    assertOdd(jpeg.insert(2, segment(name.then(big.put(19, 1)))), "");
    assertOdd(jpeg.insert(2, segment(name.then(big.put(19, 99)))), "");
    assertOdd(jpeg.insert(2, segment(name.then(big.first(9)))), "");
    var png = Fixture.of("rgb.png");
    var chunk = Fixture.hex("%08x".formatted(little.size())).then(Fixture.latin("eXIf"));
    assertOdd(
        png.insert(33, chunk.then(little).then(Fixture.zeros(4))), "stored lying on its side");
    var webp = Fixture.of("lossy.webp");
    var part = Fixture.latin("EXIF").then(Fixture.zeros(4)).littleInt(4, little.size());
    assertOdd(
        webp.then(part).then(little).littleInt(4, webp.size() + part.size() + little.size() - 8),
        "stored lying on its side");
  }

  @Test
  void coloursOfPrintAndSixteenBitsAreTold() throws Exception {
    var jpeg = Fixture.of("baseline.jpg");
    var frame = jpeg.find("\u00ff\u00c0");
    assertOdd(jpeg.put(frame + 9, 4), "the colours of print (CMYK)");
    assertOdd(jpeg.put(frame + 4, 12), "12 bits a colour");
    assertOdd(Fixture.of("rgb.png").put(24, 16), "16 bits a colour");
    assertOdd(jpeg, "");
  }

  private static Fixture segment(Fixture content) {
    return Fixture.hex("ffe1%04x".formatted(content.size() + 2)).then(content);
  }

  private void assertOdd(Fixture fixture, String words) throws Exception {
    var oddities = MediaProbe.image(fixture.in(folder, "odd.bin")).oddities();
    if (words.isEmpty()) {
      assertThat(oddities).isEmpty();
    } else {
      assertThat(oddities).singleElement().asString().contains(words);
    }
  }

  @Test
  void aPictureWithoutSidesIsDamaged() throws Exception {
    var none = "the picture is damaged: its header gives it no sides";
    assertRefused(Fixture.of("rgb.png").bigInt(16, 0), none);
    assertRefused(Fixture.of("rgb.png").bigInt(20, -5), none);
    assertRefused(Fixture.hex("ffd8ffd9"), none);
    assertRefused(Fixture.of("lossy.webp").littleInt(26, 0), none);
    var jpeg = Fixture.of("baseline.jpg");
    var frame = jpeg.find("\u00ff\u00c0");
    assertRefused(jpeg.put(frame + 5, 0).put(frame + 6, 0), none);
  }

  @Test
  void anEmptyFileSaysSo() throws Exception {
    assertRefused(Fixture.zeros(0), "the file is empty (0 bytes)");
  }

  @Test
  void theNameIsQuotedWhenItMisleads() throws Exception {
    assertNamed(Fixture.text("hello"), "a.png", "the file is named .png but holds text");
    assertNamed(Fixture.of("info.mp3"), "a.PNG", "the file is named .png but holds MP3 audio");
    assertNamed(
        Fixture.of("plain.heic"), "a.jpg", "the file is named .jpg but holds a HEIC picture");
    assertNamed(
        Fixture.text("<!DOCTYPE html><title>x"),
        "a.webp",
        "the file is named .webp but holds an HTML page");
  }

  @Test
  void theContentIsNamedWhenTheNameDoesNotMatter() throws Exception {
    assertNamed(Fixture.of("info.mp3"), "a.mp3", "the file holds MP3 audio, not a picture");
    assertNamed(Fixture.of("info.mp3"), "a.wav", "the file holds MP3 audio, not a picture");
    assertNamed(
        Fixture.of("plain.gif"), "a.gif", "the file holds a GIF picture, not PNG, JPEG or WebP");
    assertNamed(
        Fixture.zeros(64),
        "a.png",
        "the file is not a picture of a known kind, its first bytes are 00 00 00 00");
  }

  @Test
  void anOddNameIsNeverRepeated() throws Exception {
    var message = "the file holds text, not a picture";
    assertNamed(Fixture.text("hello"), "a.\u0007\u001b[31mpng", message);
    assertThat(new MediaException("a\u0000b\u001b[31m\n\u202ec")).hasMessage("ab[31mc");
  }

  @Test
  void aFolderIsNotAPicture() {
    assertThatThrownBy(() -> MediaProbe.image(folder))
        .isInstanceOf(MediaException.class)
        .hasMessage("it is a folder, not a picture");
  }

  private void assertRefused(Fixture fixture, String message) throws Exception {
    assertNamed(fixture, "picture.bin", message);
  }

  private void assertNamed(Fixture fixture, String name, String message) throws Exception {
    var path = fixture.in(folder, name);
    assertThatThrownBy(() -> MediaProbe.image(path))
        .isInstanceOf(MediaException.class)
        .hasMessage(message);
  }
}
