package io.klingdrop.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Says in plain words which parameters a model would refuse, and where they were set. */
final class InputCheck {
  private final Model model;
  private final JsonNode input;
  private final Parameters parameters;

  private InputCheck(Model model, JsonNode input, Parameters parameters) {
    this.model = model;
    this.input = input;
    this.parameters = parameters;
  }

  /** One finding for each parameter in breach, refusals first. */
  static List<Finding> check(Model model, JsonNode input, Parameters parameters) {
    var check = new InputCheck(model, input, parameters);
    Map<String, Finding> findings = new LinkedHashMap<>();
    for (InputSchema.Breach breach : model.input().validate(input)) {
      findings.putIfAbsent(breach.pointer() + "#" + breach.property(), check.finding(breach));
    }
    List<Finding> refusedFirst = new ArrayList<>(findings.values());
    refusedFirst.sort((a, b) -> a.severity().compareTo(b.severity()));
    return refusedFirst;
  }

  private Finding finding(InputSchema.Breach breach) {
    String parameter = breach.parameter();
    JsonNode value = input.at(breach.pointer());
    boolean top = breach.pointer().equals("/" + parameter);
    JsonNode rule =
        breach.advised() ? model.input().advice(parameter) : model.input().property(parameter);
    String name = breach.pointer().isEmpty() ? parameter : breach.pointer().substring(1);
    String said =
        Words.clean(name.isEmpty() ? "the input" : name.replace('/', '.'))
            + " "
            + (top ? sentence(breach, value, rule) : nested(breach));
    String origin = parameters.get(parameter).map(s -> s.origin() + ": ").orElse("");
    return breach.advised()
        ? Finding.warn(parameter, origin + said + "; it is sent all the same")
        : Finding.refuse(parameter, origin + said);
  }

  private String nested(InputSchema.Breach breach) {
    if (breach.keyword().equals("required") && breach.pointer().isEmpty()) {
      return "is missing; "
          + model.label()
          + " needs it"
          + (breach.property().equals("prompt") ? " (a .txt file of the same name will do)" : "");
    }
    int colon = breach.text().indexOf(": ");
    return "is refused: " + Words.clean(breach.text().substring(colon < 0 ? 0 : colon + 2));
  }

  private String sentence(InputSchema.Breach breach, JsonNode value, JsonNode rule) {
    String takes = "; " + model.label() + " takes ";
    return switch (breach.keyword()) {
      case "type" ->
          "is " + Words.value(value) + takes + type(rule.path("type").asText()) + quotes(value);
      case "enum" -> "is " + Words.value(value) + takes + choices(rule.path("enum"));
      case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum" ->
          "is " + Words.value(value) + takes + range(rule);
      case "multipleOf" ->
          "is "
              + Words.value(value)
              + takes
              + "steps of "
              + Words.number(rule.path("multipleOf").decimalValue());
      case "maxLength", "minLength" ->
          "has "
              + characters(value.asText().codePointCount(0, value.asText().length()))
              + takes
              + Limits.span(
                  number(rule, "minLength").map(Words::number),
                  number(rule, "maxLength").map(Words::number));
      case "maxItems", "minItems" ->
          "has "
              + value.size()
              + " entries"
              + takes
              + Limits.span(
                  number(rule, "minItems").map(Words::number),
                  number(rule, "maxItems").map(Words::number));
      default -> nested(breach);
    };
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
    boolean quoted =
        value.isTextual() && Document.number(value.textValue()) != null;
    return quoted ? " (leave out the quotes)" : "";
  }

  private static String choices(JsonNode values) {
    List<String> words = new ArrayList<>();
    values.forEach(value -> words.add(Words.value(value)));
    return Words.anyOf(words);
  }

  private static String range(JsonNode rule) {
    var above = number(rule, "exclusiveMinimum").map(n -> "more than " + Words.number(n));
    var below = number(rule, "exclusiveMaximum").map(n -> "less than " + Words.number(n));
    if (above.isPresent() || below.isPresent()) {
      return above.orElse("") + (above.isPresent() && below.isPresent() ? ", " : "")
          + below.orElse("");
    }
    return Limits.span(
        number(rule, "minimum").map(Words::number), number(rule, "maximum").map(Words::number));
  }

  private static String characters(int count) {
    return count == 1 ? "1 character" : String.format("%,d characters", count);
  }

  private static Optional<BigDecimal> number(JsonNode rule, String key) {
    return Optional.ofNullable(rule.get(key)).map(JsonNode::decimalValue);
  }
}
