package io.klingdrop.sandbox.samples;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.function.Supplier;
import javax.imageio.ImageIO;

/**
 * Sample pairs for an inbox: three that succeed and a fourth that the sandbox refuses on purpose.
 *
 * <ul>
 *   <li>{@code avatar/welcome.png}, {@code .wav}: a portrait and a voice
 *   <li>{@code avatar/course/lesson.png}, {@code .mp3}, {@code .txt}: the same with a prompt
 *   <li>{@code v2-1/landscape.png}, {@code .txt}: a picture that only moves
 *   <li>{@code avatar/forbidden.png}, {@code .wav}, {@code .txt}: ends as a rejected job
 * </ul>
 *
 * <p>The pictures are drawn when they are needed, the voices are resources in {@code sandbox}.
 */
public final class SampleMedia {

  private static final String LESSON_PROMPT =
      "A calm teacher speaks to the camera, small natural gestures, even daylight.\n";
  private static final String LANDSCAPE_PROMPT =
      "The camera moves slowly over the lake towards the setting sun, the water glitters.\n";
  private static final String FORBIDDEN_PROMPT =
      "The speaker says what the provider will not show. "
          + "[fail 422 CONTENT_POLICY_BLOCKED: the input was flagged as sensitive.]\n";

  private SampleMedia() {}

  /**
   * Writes the samples, each under a temporary name that begins with a dot and is then renamed.
   * Files that exist are left as they are, so calling this twice changes nothing.
   *
   * @param inbox folder of the profiles' folders, created if it does not exist
   * @throws IOException if a file cannot be written
   */
  public static void write(Path inbox) throws IOException {
    var avatar = inbox.resolve("avatar");
    var course = avatar.resolve("course");
    var moving = inbox.resolve("v2-1");
    write(avatar.resolve("welcome.wav"), () -> resource("welcome.wav"));
    write(avatar.resolve("welcome.png"), () -> png(SampleFace.WELCOME.draw()));
    write(course.resolve("lesson.txt"), () -> text(LESSON_PROMPT));
    write(course.resolve("lesson.mp3"), () -> resource("lesson.mp3"));
    write(course.resolve("lesson.png"), () -> png(SampleFace.LESSON.draw()));
    write(moving.resolve("landscape.txt"), () -> text(LANDSCAPE_PROMPT));
    write(moving.resolve("landscape.png"), () -> png(SampleLandscape.draw()));
    write(avatar.resolve("forbidden.txt"), () -> text(FORBIDDEN_PROMPT));
    write(avatar.resolve("forbidden.wav"), () -> resource("forbidden.wav"));
    write(avatar.resolve("forbidden.png"), () -> png(SampleFace.FORBIDDEN.draw()));
  }

  private static void write(Path target, Supplier<byte[]> content) throws IOException {
    if (Files.exists(target)) {
      return;
    }
    var folder = Objects.requireNonNull(target.getParent());
    Files.createDirectories(folder);
    var temporary = folder.resolve("." + target.getFileName() + ".part");
    Files.write(temporary, content.get());
    Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] png(BufferedImage image) {
    var bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new IllegalStateException("a sample picture cannot be encoded", e);
    }
    return bytes.toByteArray();
  }

  private static byte[] resource(String name) {
    try (var stream = SampleMedia.class.getResourceAsStream("/sandbox/" + name)) {
      return Objects.requireNonNull(stream, () -> "resource /sandbox/" + name).readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException("resource /sandbox/" + name + " cannot be read", e);
    }
  }
}
