package io.klingdrop.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a request must be before a task comes of it, as Kling's pages on avatar and on image to
 * video demand (autumn 2026). A blank text counts as absent. Fields that are not listed pass: a
 * relay may want some of its own.
 */
final class KlingRules {

  /** Why a request is refused. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1;
    private final transient KlingError error;

    Refused(KlingError error) {
      super(error.message());
      this.error = error;
    }

    KlingError error() {
      return error;
    }
  }

  private static final int LONGEST_PROMPT = 2500;
  private static final int LARGEST_IMAGE = 10 << 20;
  private static final int LARGEST_SOUND = 5 << 20;
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
          "duration",
          "sound",
          "callback_url",
          "external_task_id");

  private KlingRules() {}

  /** The decoded files of a request that is as it should be, by field. */
  static Map<String, byte[]> check(KlingEndpoint endpoint, Call call) throws Refused {
    JsonNode request = call.json();
    if (!request.isObject()) {
      throw new Refused(KlingError.of(1200).saying("The request body is not a JSON object"));
    }
    for (String field : TEXTS) {
      JsonNode value = request.path(field);
      demand(value.isMissingNode() || value.isTextual(), field + " must be a string");
    }
    demand(request.path("prompt").asText().length() <= LONGEST_PROMPT, "prompt is too long");
    demandOneOf(request, "mode", Set.of("std", "pro"));
    Map<String, byte[]> media = new HashMap<>();
    if (endpoint == KlingEndpoint.CREATE_AVATAR) {
      demand(has(request, "image"), "image is required");
      demand(
          has(request, "audio_id") != has(request, "sound_file"),
          "exactly one of audio_id and sound_file is required");
      take(request, "sound_file", LARGEST_SOUND, media);
    } else {
      demand(has(request, "image") || has(request, "image_tail"), "image is required");
      demand(
          request.path("negative_prompt").asText().length() <= LONGEST_PROMPT,
          "negative_prompt is too long");
      demandOneOf(request, "sound", Set.of("on", "off"));
      boolean three = request.path("model_name").asText().startsWith("kling-v3");
      String seconds = request.path("duration").asText("5");
      demand(
          three ? seconds.matches("[3-9]|1[0-5]") : seconds.matches("5|10|"),
          "duration is unavailable");
      take(request, "image_tail", LARGEST_IMAGE, media);
    }
    take(request, "image", LARGEST_IMAGE, media);
    return media;
  }

  /** CometAPI's page of November 2026: the API rejects requests without this field. */
  static void checkPrompt(Call call) throws Refused {
    demand(has(call.json(), "prompt"), "prompt is required");
  }

  private static void take(JsonNode request, String field, int largest, Map<String, byte[]> media)
      throws Refused {
    String value = request.path(field).asText("");
    if (value.isBlank() || value.matches("https?://[^\\s]+")) {
      return;
    }
    Optional<byte[]> bytes = decode(value);
    if (bytes.isEmpty()) {
      throw refusal(field + ": File is not in a valid base64 format");
    }
    demand(bytes.get().length <= largest, field + ": the file is too large");
    boolean image = field.startsWith("image");
    demand(
        image ? isPicture(bytes.get()) : isSound(bytes.get()),
        field + ": the file format is not supported");
    media.put(field, bytes.get());
  }

  /** Takes the plain alphabet only: no {@code data:} before it, no line break within. */
  private static Optional<byte[]> decode(String text) {
    try {
      return text.length() % 4 == 0 ? Optional.of(Base64.getDecoder().decode(text)) : no();
    } catch (IllegalArgumentException e) {
      return no();
    }
  }

  private static Optional<byte[]> no() {
    return Optional.empty();
  }

  private static boolean isPicture(byte[] bytes) {
    return begins(bytes, "\u0089PNG") || begins(bytes, "\u00ff\u00d8\u00ff");
  }

  /** WAV, MP3 with or without a tag, AAC, M4A. */
  private static boolean isSound(byte[] bytes) {
    boolean frame = bytes.length > 2 && bytes[0] == -1 && (bytes[1] & 0xe0) == 0xe0;
    boolean boxes = bytes.length > 8 && new String(bytes, 4, 4, latin()).equals("ftyp");
    return frame || boxes || begins(bytes, "RIFF") || begins(bytes, "ID3");
  }

  private static boolean begins(byte[] bytes, String magic) {
    return bytes.length >= magic.length()
        && new String(bytes, 0, magic.length(), latin()).equals(magic);
  }

  private static java.nio.charset.Charset latin() {
    return StandardCharsets.ISO_8859_1;
  }

  private static boolean has(JsonNode request, String field) {
    return !request.path(field).asText("").isBlank();
  }

  private static void demandOneOf(JsonNode request, String field, Set<String> values)
      throws Refused {
    String value = request.path(field).asText("");
    demand(value.isEmpty() || values.contains(value), field + " value '" + value + "' is invalid");
  }

  private static void demand(boolean fine, String message) throws Refused {
    if (!fine) {
      throw refusal(message);
    }
  }

  private static Refused refusal(String message) {
    return new Refused(KlingError.of(1201).saying(message));
  }
}
