package io.klingdrop.sandbox.kie;

import com.fasterxml.jackson.databind.JsonNode;
import io.klingdrop.sandbox.task.CheckedRequest;
import io.klingdrop.sandbox.task.Envelope.Refusal;
import io.klingdrop.sandbox.video.VideoMaker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What kie.ai demands of a request before a task comes of it. The codes are those of the wire: a
 * missing field is a 500, a file that cannot be fetched is a 500 that looks like an outage
 * (recorded April to October 2026).
 */
final class KieRequest {
  private static final String UNKNOWN_MODEL =
      "The model name you specified is not supported. Please verify your input and use one of the"
          + " supported models provided by KIE.";

  /** Measured for the avatar model in September 2026: whole seconds count. */
  private static final int CREDITS_PER_VOICE_SECOND = 8;

  private static final int CREDITS_PER_SILENT_SECOND = 5;
  private static final int LONGEST_PROMPT = 5000;
  private static final Set<String> DURATIONS = Set.of("5", "10");
  private static final String DEFAULT_DURATION = "5";

  /** Fields that are texts if they are there; the prompt may be empty. */
  private static final Set<String> TEXTS = Set.of("image_url", "audio_url", "prompt", "duration");

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

  private KieRequest() {}

  /**
   * Checks a request.
   *
   * @throws Refusal what kie.ai would answer
   */
  static CheckedRequest check(JsonNode request, KieTerms terms) {
    var model = request.path("model").asText("");
    if (model.isBlank() || !terms.knownModel().test(model)) {
      throw new Refusal(422, UNKNOWN_MODEL);
    }
    var input = request.path("input");
    if (!input.isObject()) {
      throw new Refusal(422, "This field is required");
    }
    var shape = Shape.of(model);
    for (var field : shape.required()) {
      requireField(field, input.path(field));
    }
    if (input.path("prompt").asText().length() > LONGEST_PROMPT) {
      throw new Refusal(422, "prompt must not be longer than " + LONGEST_PROMPT + " characters");
    }
    var portrait = file(pictureOf(input, shape), terms);
    if (shape == Shape.AVATAR) {
      var voice = file(input.path("audio_url").asText(), terms);
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

  private static void requireField(String field, JsonNode value) {
    boolean there = TEXTS.contains(field) ? value.isTextual() : !value.isMissingNode();
    boolean blank = value.isNull() || (value.isTextual() && value.asText().isBlank());
    if (!there || (blank && !field.equals("prompt"))) {
      throw new Refusal(500, field + " is required");
    }
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

  private static Path file(String address, KieTerms terms) {
    return terms
        .files()
        .apply(address)
        .orElseThrow(() -> new Refusal(500, "Server exception, please try again later"));
  }
}
