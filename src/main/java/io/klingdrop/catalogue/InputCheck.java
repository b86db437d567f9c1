package io.klingdrop.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import io.klingdrop.catalogue.SchemaRules.Breach;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Says in plain words which parameters a model would refuse, and where they were set. */
record InputCheck(Model model, JsonNode input, Parameters parameters) {
  /** One finding for each parameter in breach, refusals first. */
  static List<Finding> check(Model model, JsonNode input, Parameters parameters) {
    var check = new InputCheck(model, input, parameters);
    Map<String, Finding> findings = new LinkedHashMap<>();
    for (Breach breach : model.input().validate(input)) {
      findings.putIfAbsent(breach.pointer() + "#" + breach.property(), check.finding(breach));
    }
    List<Finding> refusedFirst = new ArrayList<>(findings.values());
    refusedFirst.sort(Comparator.comparing(Finding::severity));
    return refusedFirst;
  }

  private Finding finding(Breach breach) {
    String parameter = breach.parameter();
    String place = breach.pointer().isEmpty() ? parameter : breach.pointer().substring(1);
    String said =
        (place.isEmpty() ? "the input" : Words.clean(place.replace('/', '.')))
            + " "
            + sentence(breach);
    String origin = parameters.get(parameter).map(s -> s.origin() + ": ").orElse("");
    String key = parameter.isEmpty() ? "input" : parameter;
    return breach.advised()
        ? Finding.warn(key, origin + said + "; it is sent all the same")
        : Finding.refuse(key, origin + said);
  }

  private String sentence(Breach breach) {
    JsonNode value = input.at(breach.pointer());
    JsonNode rule = rule(breach);
    String takes = "; " + model.label() + " takes ";
    String isAndTakes = "is " + Words.value(value) + takes;
    if (breach.property().isEmpty() && !rule.has(breach.keyword())) {
      return refused(breach);
    }
    return switch (breach.keyword()) {
      case "type" -> isAndTakes + type(rule.path("type").asText()) + quotes(value);
      case "enum" ->
          isAndTakes + Words.anyOf(rule.path("enum").valueStream().map(Words::value).toList());
      case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum" -> isAndTakes + range(rule);
      case "multipleOf" ->
          isAndTakes + "steps of " + Words.number(rule.path("multipleOf").decimalValue());
      case "maxLength", "minLength" ->
          "has "
              + count(value.asText().codePointCount(0, value.asText().length()), "character")
              + takes
              + span(rule, "minLength", "maxLength");
      case "maxItems", "minItems" ->
          "has " + count(value.size(), "entry") + takes + span(rule, "minItems", "maxItems");
      case "required" -> {
        if (!breach.pointer().isEmpty()) {
          yield "lacks " + Words.quote(breach.property());
        }
        boolean prompt = breach.property().equals("prompt");
        String advice = prompt ? " (a .txt file of the same name will do)" : "";
        yield "is missing; " + model.label() + " needs it" + advice;
      }
      case "additionalProperties" -> "has an unknown entry " + Words.quote(breach.property());
      default -> refused(breach);
    };
  }

  /** The rules for the place of the breach, leaving out those inside combinations. */
  private JsonNode rule(Breach breach) {
    JsonNode rule = breach.advised() ? model.input().advised() : model.input().json();
    for (String step : breach.pointer().split("/", -1)) {
      if (!step.isEmpty()) {
        rule = rule.has("items") ? rule.path("items") : rule.path("properties").path(step);
      }
    }
    return rule;
  }

  private static String refused(Breach breach) {
    return breach.note().isEmpty()
        ? "breaks the rule \"" + breach.keyword() + "\" of the model's file"
        : "is refused: " + Words.clean(breach.note(), 200);
  }

  private static String type(String type) {
    return switch (type) {
      case "string" -> "a text";
      case "number" -> "a number";
      case "integer" -> "a whole number";
      case "boolean" -> "true or false";
      case "array" -> "a list";
      case "object" -> "a mapping";
      default -> type;
    };
  }

  private static String quotes(JsonNode value) {
    boolean quoted = value.isTextual() && Document.number(value.textValue()) != null;
    return quoted ? " (leave out the quotes)" : "";
  }

  private static String range(JsonNode rule) {
    var above = number(rule, "exclusiveMinimum").map(n -> "more than " + Words.number(n));
    var below = number(rule, "exclusiveMaximum").map(n -> "less than " + Words.number(n));
    return above.isPresent() || below.isPresent()
        ? Stream.of(above, below).flatMap(Optional::stream).collect(Collectors.joining(" and "))
        : span(rule, "minimum", "maximum");
  }

  private static String span(JsonNode rule, String least, String most) {
    return new Limits.Range(number(rule, least), number(rule, most)).words(Words::number);
  }

  private static String count(int count, String noun) {
    String plural = noun.endsWith("y") ? noun.substring(0, noun.length() - 1) + "ies" : noun + "s";
    return "%d %s".formatted(count, count == 1 ? noun : plural);
  }

  private static Optional<BigDecimal> number(JsonNode rule, String key) {
    return Optional.ofNullable(rule.get(key)).map(JsonNode::decimalValue);
  }
}
