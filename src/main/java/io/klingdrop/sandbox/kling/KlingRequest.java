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
 * video of autumn 2026. A blank text counts as absent; fields that are not listed pass.
 */
final class KlingRequest {
  /** What Kling says of a small picture, a minute or two after it was accepted (2026). */
  static final String BAD_PIXELS = "Image pixel is invalid";

  private static final int LONGEST_PROMPT = 2500;
  private static final int SHORTEST_SIDE = 300;
  private static final double STEEPEST = 2.5;
  private static final Duration SHORTEST_VOICE = Duration.ofSeconds(2);
  private static final Duration LONGEST_VOICE = Duration.ofMinutes(5);
  private static final Duration UNKNOWN_LENGTH = Duration.ofSeconds(5);
  private static final double UNITS_PER_SECOND = 0.4;
  private static final List<String> FILES = List.of("image", "image_tail", "sound_file");
  private static final List<String> TEXTS =
      List.of(
          "image",
          "image_tail",
          "audio_id",
          "sound_file",
          "prompt",
          "negative_prompt",
          "mode",
          "model_name",
          "sound",
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
  static CheckedRequest check(JsonNode request, boolean avatar, KlingTerms terms)
      throws IOException {
    for (var field : TEXTS) {
      demand(!request.has(field) || request.path(field).isTextual(), field + " must be a string");
    }
    demand(text(request, "prompt").length() <= LONGEST_PROMPT, "prompt is too long");
    demandOneOf(request, "mode", Set.of("", "std", "pro"));
    double rate = text(request, "mode").equals("pro") ? 2 * UNITS_PER_SECOND : UNITS_PER_SECOND;
    return avatar ? avatar(request, rate, terms) : video(request, rate, terms);
  }

  private static CheckedRequest avatar(JsonNode request, double rate, KlingTerms terms)
      throws IOException {
    demand(has(request, "image"), "image is required");
    boolean id = has(request, "audio_id");
    demand(id != has(request, "sound_file"), "exactly one of audio_id and sound_file is required");
    demand(!id || terms.knownAudio().test(text(request, "audio_id")), "audio_id: no such audio");
    var picture = terms.media().picture("image", text(request, "image"));
    var voice = id ? null : terms.media().voice("sound_file", text(request, "sound_file"));
    var length = voice == null ? UNKNOWN_LENGTH : voice.facts().length();
    demand(
        length.compareTo(SHORTEST_VOICE) >= 0 && length.compareTo(LONGEST_VOICE) <= 0,
        "sound_file: the audio must last 2 to 300 seconds");
    double units = round(rate * length.toMillis() / 1000);
    var file = voice == null ? null : voice.file();
    return new CheckedRequest(picture.file(), file, length, units, flaw(picture.facts()));
  }

  private static CheckedRequest video(JsonNode request, double rate, KlingTerms terms)
      throws IOException {
    demand(has(request, "image") || has(request, "image_tail"), "image is required");
    demand(
        text(request, "negative_prompt").length() <= LONGEST_PROMPT, "negative_prompt is too long");
    demandOneOf(request, "sound", Set.of("", "on", "off"));
    var seconds = text(request, "duration").isEmpty() ? "5" : text(request, "duration");
    boolean three = text(request, "model_name").startsWith("kling-v3");
    demand(seconds.matches(three ? "[3-9]|1[0-5]" : "5|10"), "duration is unavailable");
    if (has(request, "image_tail")) {
      terms.media().picture("image_tail", text(request, "image_tail"));
    }
    var field = has(request, "image") ? "image" : "image_tail";
    var picture = terms.media().picture(field, text(request, field));
    var length = Duration.ofSeconds(Long.parseLong(seconds));
    double units = round(rate * length.toSeconds());
    return new CheckedRequest(picture.file(), null, length, units, flaw(picture.facts()));
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
    return has(request, "sound_file") || has(request, "audio_id");
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

  private static boolean has(JsonNode request, String field) {
    return !text(request, field).isBlank();
  }

  private static void demandOneOf(JsonNode request, String field, Set<String> values) {
    var value = text(request, field);
    demand(values.contains(value), field + " value '" + value + "' is invalid");
  }

  private static void demand(boolean fine, String otherwise) {
    if (!fine) {
      throw new Refusal(KlingEnvelope.INVALID, otherwise);
    }
  }
}
