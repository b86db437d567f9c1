package io.klingdrop.testing;

import io.klingdrop.provider.Media;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Random;
import javax.imageio.ImageIO;

/**
 * Small real media made on the spot. The same arguments give the same bytes, another seed gives
 * other bytes. Files appear under their name at once and whole; a file of that name is replaced.
 */
public final class TestMedia {

  /** Accepted by every model we know: at least 300 pixels a side. */
  public static final int PORTRAIT_SIDE = 320;

  /** Accepted by every model we know: at least two seconds. */
  public static final Duration VOICE_LENGTH = Duration.ofMillis(2500);

  private static final int WAV_RATE = 8000;
  private static final int MP3_FRAME_BYTES = 104;
  private static final int MP3_SIDE_INFO_BYTES = 17;
  private static final double MP3_FRAMES_PER_SECOND = 44_100 / 1152.0;

  /** A portrait and a voice of the same name, with the SHA-256 of each. */
  public record Pair(Path image, Path audio, String imageSha256, String audioSha256) {}

  private TestMedia() {}

  /** Writes {@code stem.png} and {@code stem.wav} into the folder, which is created if need be. */
  public static Pair pair(Path folder, String stem, long seed) throws IOException {
    Path image = folder.resolve(stem + ".png");
    Path audio = folder.resolve(stem + ".wav");
    png(image, PORTRAIT_SIDE, PORTRAIT_SIDE, seed);
    wav(audio, VOICE_LENGTH, seed);
    return new Pair(image, audio, Digests.sha256(image), Digests.sha256(audio));
  }

  /** A file as a provider gets it once it has been checked. */
  public static Media media(Path file, String mimeType, String extension) throws IOException {
    return new Media(file, mimeType, extension, Digests.sha256(file), Files.size(file));
  }

  public static Path png(Path to, int width, int height, long seed) throws IOException {
    return write(to, picture("png", width, height, seed));
  }

  public static Path jpeg(Path to, int width, int height, long seed) throws IOException {
    return write(to, picture("jpeg", width, height, seed));
  }

  /** A tone with some noise: mono, 16 bits, 8 kHz. */
  public static Path wav(Path to, Duration length, long seed) throws IOException {
    return write(to, sound(length, seed));
  }

  static byte[] sound(Duration length, long seed) {
    int samples = Math.toIntExact(length.toMillis() * WAV_RATE / 1000);
    int bytes = 2 * samples;
    ByteBuffer wav = ByteBuffer.allocate(44 + bytes).order(ByteOrder.LITTLE_ENDIAN);
    wav.put(ascii("RIFF")).putInt(36 + bytes).put(ascii("WAVE"));
    wav.put(ascii("fmt ")).putInt(16).putShort((short) 1).putShort((short) 1);
    wav.putInt(WAV_RATE).putInt(2 * WAV_RATE).putShort((short) 2).putShort((short) 16);
    wav.put(ascii("data")).putInt(bytes);
    var random = new Random(seed);
    double pitch = 2 * Math.PI * random.nextInt(110, 440) / WAV_RATE;
    for (int i = 0; i < samples; i++) {
      wav.putShort((short) (8000 * Math.sin(pitch * i) + random.nextInt(-500, 500)));
    }
    return wav.array();
  }

  /**
   * Silence with the seed hidden between the frames' data: MPEG-1 layer III, mono, 44.1 kHz,
   * constant 32 kbit/s, without tags. The length is rounded up to whole frames of 26 ms.
   */
  public static Path mp3(Path to, Duration length, long seed) throws IOException {
    var random = new Random(seed);
    var mp3 = new ByteArrayOutputStream();
    long frames = (long) Math.ceil(length.toMillis() * MP3_FRAMES_PER_SECOND / 1000);
    for (long i = 0; i < frames; i++) {
      byte[] frame = new byte[MP3_FRAME_BYTES];
      ByteBuffer.wrap(frame).putInt(0xfffb10c0);
      for (int at = 4 + MP3_SIDE_INFO_BYTES; at < frame.length; at++) {
        // below 0x80, lest it looks like the beginning of a frame
        frame[at] = (byte) random.nextInt(128);
      }
      mp3.writeBytes(frame);
    }
    return write(to, mp3.toByteArray());
  }

  /** Coloured blocks of a size that survives compression. */
  static byte[] picture(String format, int width, int height, long seed) throws IOException {
    var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    var random = new Random(seed);
    int block = Math.max(1, Math.min(width, height) / 10);
    Graphics2D canvas = image.createGraphics();
    for (int y = 0; y < height; y += block) {
      for (int x = 0; x < width; x += block) {
        canvas.setColor(new Color(random.nextInt(1 << 24)));
        canvas.fillRect(x, y, block, block);
      }
    }
    canvas.dispose();
    var bytes = new ByteArrayOutputStream();
    if (!ImageIO.write(image, format, bytes)) {
      throw new IOException("no writer for " + format);
    }
    return bytes.toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static Path write(Path to, byte[] bytes) throws IOException {
    Path folder = to.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    Path hidden = folder.resolve("." + to.getFileName() + ".tmp");
    Files.write(hidden, bytes);
    return Files.move(
        hidden, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
