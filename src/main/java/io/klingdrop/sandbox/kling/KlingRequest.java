package io.klingdrop.sandbox.kling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.media.ImageFacts;
import io.klingdrop.sandbox.task.CheckedRequest;
import io.klingdrop.sandbox.task.Envelope.Refusal;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What Kling demands of a request before a task comes of it: its pages on avatar and on image to
 * video of autumn 2026. A blank text counts as absent.
 */
final class KlingRequest {

  /** What Kling says of a small picture, a minute or two after it was accepted (2026). */
  static final String BAD_PIXELS = "Image pixel is invalid";

  private static final int LONGEST_PROMPT = 2500;
  private static final int SHORTEST_SIDE = 300;
  private static final double STEEPEST = 2.5;
  private static final Duration SHORTEST_VOICE = Duration.ofSeconds(2);
  private static final Duration LONGEST_VOICE = Duration.ofMinutes(5);
  private static final double UNITS_PER_SECOND = 0.4;
  private static final List<String> FILES = List.of("image", "sound_file");
  private static final List<String> TEXTS =
      List.of(
          "image",
          "audio_id",
          "sound_file",
          "prompt",
          "mode",
          "duration",
          "callback_url",
          "external_task_id");

  private KlingRequest() {}

  /**
   * Checks a request and takes its files in.
   *
   * @param avatar whether a voice belongs to it, else the picture alone is to move
   * @throws Refusal what Kling would answer
   */
  static CheckedRequest check(JsonNode request, boolean avatar, KlingMedia media)
      throws IOException {
    for (var field : TEXTS) {
      demand(!request.has(field) || request.path(field).isTextual(), field + " must be a string");
    }
    demand(text(request, "prompt").length() <= LONGEST_PROMPT, "prompt is too long");
    demand(Set.of("", "std", "pro").contains(text(request, "mode")), "mode is invalid");
    demand(!text(request, "image").isBlank(), "image is required");
    double rate = text(request, "mode").equals("pro") ? 2 * UNITS_PER_SECOND : UNITS_PER_SECOND;
    if (!avatar) {
      var seconds = text(request, "duration").isEmpty() ? "5" : text(request, "duration");
      demand(Set.of("5", "10").contains(seconds), "duration is unavailable");
      var picture = media.picture("image", text(request, "image"));
      var length = Duration.ofSeconds(Long.parseLong(seconds));
      double units = round(rate * length.toSeconds());
      return new CheckedRequest(picture.file(), null, length, units, flaw(picture.facts()));
    }
    boolean id = !text(request, "audio_id").isBlank();
    boolean sound = !text(request, "sound_file").isBlank();
    demand(id != sound, "exactly one of audio_id and sound_file is required");
    demand(!id, "audio_id: no such audio; the sandbox reads no texts out");
    var picture = media.picture("image", text(request, "image"));
    var voice = media.voice("sound_file", text(request, "sound_file"));
    var length = voice.facts().length();
    demand(
        length.compareTo(SHORTEST_VOICE) >= 0 && length.compareTo(LONGEST_VOICE) <= 0,
        "sound_file: the audio must last 2 to 300 seconds");
    double units = round(rate * length.toMillis() / 1000);
    return new CheckedRequest(picture.file(), voice.file(), length, units, flaw(picture.facts()));
  }

  /** The request without the bytes of its files. */
  static ObjectNode withoutFiles(JsonNode request) {
    ObjectNode kept = request.deepCopy();
    for (var field : FILES) {
      var value = text(request, field);
      if (!value.isBlank() && !KlingMedia.isAddress(value)) {
        kept.put(field, "(%d characters)".formatted(value.length()));
      }
    }
    return kept;
  }

  /** The client's own id for its task, if it gave one. */
  static Optional<String> externalId(JsonNode request) {
    return Optional.of(text(request, "external_task_id")).filter(id -> !id.isBlank());
  }

  /** Whether a request that passed was for an avatar. */
  static boolean isAvatar(JsonNode request) {
    return !text(request, "sound_file").isBlank();
  }

  private static @Nullable String flaw(ImageFacts image) {
    int shorter = Math.min(image.width(), image.height());
    int longer = Math.max(image.width(), image.height());
    return shorter < SHORTEST_SIDE || longer > STEEPEST * shorter ? BAD_PIXELS : null;
  }

  private static double round(double units) {
    return Math.round(units * 100) / 100.0;
  }

  private static String text(JsonNode request, String field) {
    return request.path(field).asText("");
  }

  private static void demand(boolean fine, String otherwise) {
    if (!fine) {
      throw new Refusal(KlingEnvelope.INVALID, otherwise);
    }
  }
}
