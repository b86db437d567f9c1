package io.klingdrop.sandbox.samples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;

/**
 * Sample pairs for an inbox: three that succeed and a fourth that the sandbox refuses on purpose.
 * They are resources in {@code sandbox}, under the paths they get in the inbox.
 *
 * <ul>
 *   <li>{@code avatar/welcome.png}, {@code .wav}: a portrait and a voice
 *   <li>{@code avatar/course/lesson.png}, {@code .mp3}, {@code .txt}: the same with a prompt
 *   <li>{@code v2-1/landscape.png}, {@code .txt}: a picture that only moves
 *   <li>{@code avatar/forbidden.png}, {@code .wav}, {@code .txt}: ends as a rejected job
 * </ul>
 */
public final class SampleMedia {
  /** In the order in which they are written: the picture last, so that its pair is whole. */
  private static final List<String> FILES =
      List.of(
          "avatar/welcome.wav",
          "avatar/welcome.png",
          "avatar/course/lesson.txt",
          "avatar/course/lesson.mp3",
          "avatar/course/lesson.png",
          "v2-1/landscape.txt",
          "v2-1/landscape.png",
          "avatar/forbidden.txt",
          "avatar/forbidden.wav",
          "avatar/forbidden.png");

  private SampleMedia() {}

  /**
   * Writes the samples, each under a temporary name that begins with a dot and is then renamed.
   * Files that exist are left as they are, so calling this twice changes nothing.
   *
   * @param inbox folder of the profiles' folders, created if it does not exist
   * @throws IOException if a file cannot be written
   */
  public static void write(Path inbox) throws IOException {
    for (var name : FILES) {
      var target = inbox.resolve(name);
      if (!Files.exists(target)) {
        write(name, target);
      }
    }
  }

  private static void write(String name, Path target) throws IOException {
    var folder = Files.createDirectories(Objects.requireNonNull(target.getParent()));
    var temporary = folder.resolve("." + target.getFileName() + ".part");
    try (var sample = SampleMedia.class.getResourceAsStream("/sandbox/" + name)) {
      var bytes = Objects.requireNonNull(sample, () -> "resource /sandbox/" + name).readAllBytes();
      Files.write(temporary, bytes);
    }
    Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
  }
}
