package io.klingdrop.sandbox.kling;

import io.klingdrop.media.AudioFacts;
import io.klingdrop.media.ImageFacts;
import io.klingdrop.media.MediaException;
import io.klingdrop.media.MediaProbe;
import io.klingdrop.sandbox.task.Envelope.Refusal;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;

/**
 * The files a request in Kling's dialect brings, each as bare Base64 or as an address to fetch it
 * from. Thread-safe.
 *
 * @param folder where they are put
 * @param nearby finds the file for a field and its address, if it need not be fetched
 */
public record KlingMedia(Path folder, BiFunction<String, String, Optional<Path>> nearby) {
  /** A picture and what its header says. */
  record Picture(Path file, ImageFacts facts) {}

  /** A recording and what its container says. */
  record Voice(Path file, AudioFacts facts) {}

  private interface Look<T> {
    T at(Path file) throws MediaException, IOException;
  }

  private static final long LARGEST_IMAGE = 10L << 20;
  private static final long LARGEST_SOUND = 5L << 20;
  private static final Set<String> IMAGES = Set.of("image/png", "image/jpeg");
  private static final Set<String> SOUNDS =
      Set.of("audio/mpeg", "audio/wav", "audio/aac", "audio/mp4");
  private static final String NO_BASE64 = "File is not in a valid base64 format";
  private static final String PART = ".part";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /**
   * Takes a picture in.
   *
   * @throws Refusal if it cannot be had, or is too large or no PNG or JPEG
   */
  Picture picture(String field, String value) throws IOException {
    return taken(
        field,
        value,
        LARGEST_IMAGE,
        file -> {
          var facts = MediaProbe.image(file);
          demand(IMAGES.contains(facts.mimeType()), field, "the format is not supported");
          return new Picture(named(file, facts.extension()), facts);
        });
  }

  /**
   * Takes a recording in.
   *
   * @throws Refusal if it cannot be had, or is too large or no MP3, WAV, M4A or AAC
   */
  Voice voice(String field, String value) throws IOException {
    return taken(
        field,
        value,
        LARGEST_SOUND,
        file -> {
          var facts = MediaProbe.audio(file);
          demand(SOUNDS.contains(facts.mimeType()), field, "the format is not supported");
          return new Voice(named(file, facts.extension()), facts);
        });
  }

  /** Whether a value is an address, else Base64. */
  static boolean isAddress(String value) {
    return value.startsWith("http://") || value.startsWith("https://");
  }

  private <T> T taken(String field, String value, long largest, Look<T> look) throws IOException {
    var file = Files.createDirectories(folder).resolve(UUID.randomUUID() + PART);
    try {
      take(field, value, largest, file);
      return look.at(file);
    } catch (MediaException e) {
      throw refusal(field, String.valueOf(e.getMessage()));
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private void take(String field, String value, long largest, Path file) throws IOException {
    var known = isAddress(value) ? nearby.apply(field, value) : Optional.<Path>empty();
    if (known.isPresent()) {
      Files.copy(known.get(), file);
    } else if (isAddress(value)) {
      fetch(field, value, largest, file);
    } else {
      Files.write(file, decode(field, value));
    }
    demand(Files.size(file) <= largest, field, "the file is too large");
  }

  /** Kling takes neither a {@code data:} prefix nor line breaks (its avatar page, autumn 2026). */
  private static byte[] decode(String field, String value) {
    try {
      demand(value.length() % 4 == 0, field, NO_BASE64);
      return Base64.getDecoder().decode(value);
    } catch (IllegalArgumentException e) {
      throw refusal(field, NO_BASE64);
    }
  }

  private void fetch(String field, String value, long largest, Path file) throws IOException {
    try {
      var request = HttpRequest.newBuilder(URI.create(value)).timeout(PATIENCE).build();
      var http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
      var response = http.send(request, BodyHandlers.ofInputStream());
      try (var body = response.body()) {
        demand(response.statusCode() == 200, field, "failed to get the contents");
        Files.write(file, body.readNBytes(Math.toIntExact(largest + 1)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw refusal(field, "failed to get the contents");
    } catch (IOException | IllegalArgumentException e) {
      throw refusal(field, "failed to get the contents");
    }
  }

  private Path named(Path file, String extension) throws IOException {
    var name = String.valueOf(file.getFileName()).replace(PART, "." + extension);
    return Files.move(file, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  private static void demand(boolean fine, String field, String otherwise) {
    if (!fine) {
      throw refusal(field, otherwise);
    }
  }

  private static Refusal refusal(String field, String why) {
    return new Refusal(KlingEnvelope.INVALID, field + ": " + why);
  }
}
