package io.klingdrop.sandbox.task;

import com.fasterxml.jackson.databind.JsonNode;
import io.klingdrop.sandbox.task.Envelope.Refusal;
import io.klingdrop.sandbox.video.VideoMaker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A request for a task that would be accepted.
 *
 * @param portrait the picture
 * @param voice the recording; null if the model takes none
 * @param length how long the video will be; of a voice of unknown length five seconds
 * @param credits what the video costs
 * @param flaw what the provider notices only once it works on the task, which then fails; or null
 */
public record CheckedRequest(
    Path portrait, @Nullable Path voice, Duration length, double credits, @Nullable String flaw) {

  /** Measured for the avatar model in September 2026: whole seconds count. */
  private static final int CREDITS_PER_VOICE_SECOND = 8;

  private static final int CREDITS_PER_SILENT_SECOND = 5;
  private static final int LONGEST_PROMPT = 5000;
  private static final Set<String> DURATIONS = Set.of("5", "10");
  private static final String DEFAULT_DURATION = "5";

  /** What a model wants, as far as the sandbox tells models apart. */
  private enum Shape {
    AVATAR,
    IMAGE,
    IMAGES;

    List<String> required() {
      return switch (this) {
        case AVATAR -> List.of("image_url", "audio_url", "prompt");
        case IMAGE -> List.of("image_url", "prompt");
        case IMAGES -> List.of("image_urls", "prompt", "sound", "duration");
      };
    }

    static Shape of(String model) {
      if (model.contains("avatar") || model.contains("from-audio")) {
        return AVATAR;
      }
      return model.startsWith("kling-2.6/") ? IMAGES : IMAGE;
    }
  }

  /**
   * Checks a request as the provider would: a missing field is a code 500, an unknown model a 422.
   *
   * @throws Refusal what the provider would answer
   */
  static CheckedRequest of(JsonNode request, Predicate<String> knownModel, UploadShelf uploads) {
    var model = request.path("model").asText("");
    if (model.isBlank() || !knownModel.test(model)) {
      throw new Refusal(
          422,
          "The model name you specified is not supported. Please verify your input and use one of"
              + " the supported models provided by KIE.");
    }
    var input = request.path("input");
    var shape = Shape.of(model);
    for (var field : shape.required()) {
      var value = input.path(field);
      boolean missing = value.isMissingNode() || value.isNull();
      if (missing || (!field.equals("prompt") && value.isTextual() && value.asText().isBlank())) {
        throw new Refusal(500, field + " is required");
      }
    }
    if (input.path("prompt").asText().length() > LONGEST_PROMPT) {
      throw new Refusal(422, "prompt must not be longer than " + LONGEST_PROMPT + " characters");
    }
    var portrait = uploaded(uploads, pictureOf(input, shape));
    if (shape == Shape.AVATAR) {
      var voice = uploaded(uploads, input.path("audio_url").asText());
      double seconds = VideoMaker.secondsOf(voice, Double.parseDouble(DEFAULT_DURATION));
      double credits = CREDITS_PER_VOICE_SECOND * Math.max(1, Math.floor(seconds));
      var length = Duration.ofMillis(Math.round(seconds * 1000));
      return new CheckedRequest(portrait, voice, length, credits, null);
    }
    var duration = input.path("duration").asText(DEFAULT_DURATION);
    if (!DURATIONS.contains(duration)) {
      throw new Refusal(422, "duration unavailable");
    }
    var length = Duration.ofSeconds(Long.parseLong(duration));
    double credits = (double) CREDITS_PER_SILENT_SECOND * length.toSeconds();
    return new CheckedRequest(portrait, null, length, credits, null);
  }

  private static String pictureOf(JsonNode input, Shape shape) {
    if (shape != Shape.IMAGES) {
      return input.path("image_url").asText();
    }
    var pictures = input.path("image_urls");
    if (!pictures.isArray() || pictures.isEmpty()) {
      throw new Refusal(500, "image_urls is required");
    }
    return pictures.path(0).asText();
  }

  private static Path uploaded(UploadShelf uploads, String address) {
    return uploads.find(address).orElseThrow(() -> new Refusal(500, "resource download failed"));
  }
}
