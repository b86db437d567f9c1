package io.klingdrop.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.klingdrop.http.Endpoint.Input;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The fields of a JSON body, taken at their word: what has another type, another name or a second
 * value is refused, because a {@code "dryRun": "true"} or {@code "dryrun": true} that is not
 * understood would do what was only to be tried.
 */
record Fields(JsonNode body) {
  /** Reads a body; a fault if it is no JSON object, or holds what is no input. */
  static Fields of(Request request, List<Input> inputs, ObjectMapper mapper) {
    var body = read(request, mapper);
    if (!body.isObject()) {
      throw new HttpFault(400, "not-json", "the body is not a JSON object");
    }
    var known =
        inputs.stream()
            .filter(input -> input.in().equals("json"))
            .map(Input::name)
            .collect(Collectors.toCollection(TreeSet::new));
    for (var names = body.fieldNames(); names.hasNext(); ) {
      var name = names.next();
      if (!known.contains(name)) {
        throw new HttpFault(
            400,
            "no-such-field",
            "there is no field \"%s\" here, only %s; nothing was done"
                .formatted(name, String.join(", ", known)),
            name);
      }
    }
    return new Fields(body);
  }

  private static JsonNode read(Request request, ObjectMapper mapper) {
    try {
      return mapper
          .reader()
          .with(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .readTree(request.body().toString());
    } catch (JsonProcessingException e) {
      throw new HttpFault(400, "not-json", "the body is not JSON: " + e.getOriginalMessage());
    }
  }

  /** Whether that field is true; false if it is not there. */
  boolean flag(String name) {
    var value = body.path(name);
    if (!value.isMissingNode() && !value.isBoolean()) {
      throw wrong(name, "true or false, without quotation marks");
    }
    return value.asBoolean(false);
  }

  /** A text, as it stands; empty if it is not there. */
  Optional<String> text(String name) {
    var value = body.path(name);
    if (!value.isMissingNode() && !value.isTextual()) {
      throw wrong(name, "a text");
    }
    return value.isTextual() ? Optional.of(value.textValue()) : Optional.empty();
  }

  /** A list of texts, each once; empty if it is not there. */
  List<String> texts(String name) {
    var value = body.path(name);
    var texts = new LinkedHashSet<String>();
    if (!value.isMissingNode() && !value.isArray()) {
      throw wrong(name, "a list of texts");
    }
    for (var one : value) {
      if (!one.isTextual()) {
        throw wrong(name, "a list of texts");
      }
      texts.add(one.textValue());
    }
    return List.copyOf(texts);
  }

  private static HttpFault wrong(String name, String what) {
    return new HttpFault(
        400, "bad-field", "\"%s\" is %s; nothing was done".formatted(name, what), name);
  }
}
