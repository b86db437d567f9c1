package io.klingdrop.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import io.klingdrop.job.Suggest;
import io.klingdrop.job.Units;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A mapping in a catalogue file, read key by key; what is wrong is noted, not thrown, so that one
 * reading finds every fault. A reader that noted something returns a stand-in or nothing.
 */
record Section(Document document, JsonNode node, String path, List<String> problems) {
  private static final Pattern RATIO =
      Pattern.compile("([0-9]{1,5}(?:\\.[0-9]{1,5})?)(?::([0-9]{1,5}(?:\\.[0-9]{1,5})?))?");

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
        value -> value.isTextual() && !value.textValue().isBlank(),
        JsonNode::textValue);
  }

  /** False if absent. */
  boolean flag(String key) {
    return read(key, "true or false", JsonNode::isBoolean, JsonNode::booleanValue).orElse(false);
  }

  Optional<Integer> count(String key) {
    return read(
        key,
        "a whole number of at least 1",
        value -> value.isInt() && value.intValue() > 0,
        JsonNode::intValue);
  }

  /** A whole number from 0 to {@code most}, 0 if absent. */
  int upTo(String key, int most) {
    return read(
            key,
            "a whole number from 0 to " + most,
            value -> value.isInt() && value.intValue() >= 0 && value.intValue() <= most,
            JsonNode::intValue)
        .orElse(0);
  }

  Optional<BigDecimal> decimal(String key) {
    return read(
        key,
        "a number of at least 0",
        value -> value.isNumber() && value.decimalValue().signum() >= 0,
        JsonNode::decimalValue);
  }

  Optional<Duration> duration(String key) {
    return parse(key, "a duration such as 90s or 5m", JsonNode::isTextual, Units::maybeDuration);
  }

  Optional<SizeLimit> size(String key) {
    return parse(key, "a size such as 10MB", JsonNode::isTextual, SizeLimit::parse);
  }

  /** {@code 2.5} or {@code 1:2.5} as width divided by height, above zero. */
  Optional<BigDecimal> ratio(String key) {
    return parse(key, "a ratio such as 0.4 or 1:2.5", value -> true, Section::ratioOf);
  }

  private static Optional<BigDecimal> ratioOf(String text) {
    var matcher = RATIO.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    var width = new BigDecimal(matcher.group(1));
    var height = matcher.group(2) == null ? BigDecimal.ONE : new BigDecimal(matcher.group(2));
    return width.signum() == 0 || height.signum() == 0
        ? Optional.empty()
        : Optional.of(width.divide(height, MathContext.DECIMAL64));
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
            value -> items(value).allMatch(JsonNode::isTextual),
            value -> items(value).map(JsonNode::textValue).toList())
        .orElse(List.of());
  }

  private static Stream<JsonNode> items(JsonNode value) {
    return value.isArray() ? value.valueStream() : Stream.of(value);
  }

  /** All entries by their names; those that are not right are noted. */
  <T> Map<String, T> entries(
      BiPredicate<String, JsonNode> right, String problem, Function<JsonNode, T> reader) {
    Map<String, T> entries = new HashMap<>();
    for (var entry : node.properties()) {
      if (!right.test(entry.getKey(), entry.getValue())) {
        problem(entry.getKey(), problem);
      }
      entries.put(entry.getKey(), reader.apply(entry.getValue()));
    }
    return entries;
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

  private <T> Optional<T> read(
      String key, String what, Predicate<JsonNode> right, Function<JsonNode, T> reader) {
    JsonNode value = node.get(key);
    if (value != null && !right.test(value)) {
      problem(key, "should be " + what + ", not " + Words.value(value));
      return Optional.empty();
    }
    return Optional.ofNullable(value).map(reader);
  }

  private <T> Optional<T> parse(
      String key, String what, Predicate<JsonNode> right, Function<String, Optional<T>> parser) {
    Function<JsonNode, Optional<T>> reader = value -> parser.apply(value.asText());
    return read(key, what, value -> right.test(value) && reader.apply(value).isPresent(), reader)
        .flatMap(Function.identity());
  }
}
