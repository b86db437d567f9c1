package io.klingdrop.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import io.klingdrop.job.Suggest;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * A mapping in a catalogue file, read key by key; what is wrong is noted, not thrown, so that one
 * reading finds every fault. A reader that noted something returns a stand-in or nothing.
 */
record Section(Document document, JsonNode node, String path, List<String> problems) {

  /** The top of a file. */
  static Section top(Document document, List<String> problems) {
    var top = new Section(document, document.root(), "", problems);
    if (!document.root().isObject()) {
      problems.add(document.name() + ": should hold lines of the form \"key: value\"");
    }
    return top;
  }

  /** Notes every key that is not one of these. */
  Section allow(Collection<String> keys) {
    node.fieldNames()
        .forEachRemaining(
            key -> {
              if (!keys.contains(key)) {
                problem(key, "is not known here" + Suggest.hint(key, keys));
              }
            });
    return this;
  }

  void problem(String key, String problem) {
    String at = key.isEmpty() ? path : Document.child(path, key);
    int line = document.line(at);
    problems.add(
        "%s%s: %s %s"
            .formatted(
                document.name(),
                line > 0 ? ":" + line : "",
                at.isEmpty() ? "it" : Words.clean(at.replace('/', '.')),
                problem));
  }

  /** A text that must be there and not blank. */
  String text(String key) {
    if (!node.has(key)) {
      problem(key, "is missing");
      return "";
    }
    return maybeText(key).orElse("");
  }

  Optional<String> maybeText(String key) {
    return read(
        key,
        "a text",
        value ->
            value.isTextual() && !value.textValue().isBlank()
                ? Optional.of(value.textValue())
                : Optional.empty());
  }

  boolean flag(String key, boolean otherwise) {
    return read(
            key,
            "true or false",
            value -> value.isBoolean() ? Optional.of(value.booleanValue()) : Optional.empty())
        .orElse(otherwise);
  }

  OptionalInt count(String key) {
    return read(
            key,
            "a whole number of at least 1",
            value ->
                value.isInt() && value.intValue() > 0
                    ? Optional.of(value.intValue())
                    : Optional.<Integer>empty())
        .map(OptionalInt::of)
        .orElse(OptionalInt.empty());
  }

  /** A whole number from 0 to {@code most}, 0 if absent. */
  int upTo(String key, int most) {
    return read(
            key,
            "a whole number from 0 to " + most,
            value ->
                value.isInt() && value.intValue() >= 0 && value.intValue() <= most
                    ? Optional.of(value.intValue())
                    : Optional.<Integer>empty())
        .orElse(0);
  }

  Optional<BigDecimal> decimal(String key) {
    return read(
        key,
        "a number of at least 0",
        value ->
            value.isNumber() && value.decimalValue().signum() >= 0
                ? Optional.of(value.decimalValue())
                : Optional.empty());
  }

  Optional<Duration> duration(String key) {
    return read(
        key,
        "a duration such as 90s or 5m",
        value -> value.isTextual() ? Measures.duration(value.textValue()) : Optional.empty());
  }

  Optional<SizeLimit> size(String key) {
    return read(
        key,
        "a size such as 10MB",
        value -> value.isTextual() ? SizeLimit.parse(value.textValue()) : Optional.empty());
  }

  Optional<BigDecimal> ratio(String key) {
    return read(key, "a ratio such as 0.4 or 1:2.5", value -> Measures.ratio(value.asText()));
  }

  /** One of some words, or the first of them if the key is absent. */
  String oneOf(String key, List<String> words) {
    Optional<String> word = maybeText(key);
    if (word.isPresent() && !words.contains(word.get())) {
      problem(key, "should be " + Words.anyOf(words) + Suggest.hint(word.get(), words));
      return words.get(0);
    }
    return word.orElse(words.get(0));
  }

  /** A list of texts, or one text; empty if absent. */
  List<String> texts(String key) {
    return read(
            key,
            "a list of texts",
            value -> {
              List<String> texts = new ArrayList<>();
              Iterable<JsonNode> items = value.isArray() ? value : List.of(value);
              for (JsonNode item : items) {
                if (!item.isTextual()) {
                  return Optional.<List<String>>empty();
                }
                texts.add(item.textValue());
              }
              return Optional.of(List.copyOf(texts));
            })
        .orElse(List.of());
  }

  /** A mapping inside this one, empty if absent. */
  Section section(String key) {
    JsonNode inner = node.get(key);
    if (inner != null && !inner.isObject()) {
      problem(key, "should be a mapping");
    }
    return new Section(
        document,
        inner != null && inner.isObject() ? inner : Document.NODES.objectNode(),
        Document.child(path, key),
        problems);
  }

  private <T> Optional<T> read(String key, String what, Function<JsonNode, Optional<T>> reader) {
    JsonNode value = node.get(key);
    if (value == null) {
      return Optional.empty();
    }
    Optional<T> read = reader.apply(value);
    if (read.isEmpty()) {
      problem(key, "should be " + what + ", not " + Words.value(value));
    }
    return read;
  }
}
