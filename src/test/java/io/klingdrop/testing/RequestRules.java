package io.klingdrop.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What createTask checks before it accepts. The codes are those of the wire: a missing field is a
 * 500, an input that cannot be fetched is a 500 that looks like an outage (recorded April to
 * October 2026).
 */
final class RequestRules {

  private static final List<String> AVATAR_FIELDS = List.of("image_url", "audio_url", "prompt");

  private final URI base;
  private final UploadStore uploads;

  RequestRules(URI base, UploadStore uploads) {
    this.base = base;
    this.uploads = uploads;
  }

  /** The refusal this request deserves, or empty when it would be accepted. */
  Optional<Reply> refusal(JsonNode request) {
    JsonNode input = request.path("input");
    if (request.path("model").asText().isBlank()) {
      return refusal(422, Envelopes.UNKNOWN_MODEL);
    }
    if (!input.isObject()) {
      return refusal(422, "This field is required");
    }
    if (request.path("model").asText().contains("avatar")) {
      for (String field : AVATAR_FIELDS) {
        if (!input.path(field).isTextual()) {
          return refusal(500, field + " is required");
        }
      }
    }
    boolean fetchable = addresses(input).values().stream().allMatch(url -> sha256(url).isPresent());
    return fetchable ? Optional.empty() : refusal(500, "Server exception, please try again later");
  }

  /** SHA-256 of each file referred to, by its JSON pointer below {@code input}. */
  Map<String, String> media(JsonNode request) {
    Map<String, String> media = new TreeMap<>();
    addresses(request.path("input"))
        .forEach((place, url) -> sha256(url).ifPresent(sha256 -> media.put(place, sha256)));
    return media;
  }

  private Optional<String> sha256(URI url) {
    return SignedMedia.is(url.toString())
        ? SignedMedia.sha256(url)
        : uploads.at(url).map(Upload::sha256);
  }

  /** Addresses of uploads, and of files in a bucket of the client's. */
  private Map<String, URI> addresses(JsonNode input) {
    Map<String, URI> urls = new TreeMap<>();
    collect("", input, urls);
    return urls;
  }

  private void collect(String place, JsonNode node, Map<String, URI> urls) {
    if (node.isTextual()
        && (node.asText().startsWith(base + Endpoint.FILE.path())
            || SignedMedia.is(node.asText()))) {
      urls.put(place, URI.create(node.asText()));
    }
    node.properties().forEach(e -> collect(place + "/" + e.getKey(), e.getValue(), urls));
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      collect(place + "/" + i, node.get(i), urls);
    }
  }

  private static Optional<Reply> refusal(int code, String msg) {
    return Optional.of(Reply.json(Envelopes.refusal(code, msg)));
  }
}
