package io.klingdrop.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.klingdrop.job.Suggest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Makes a request's input from merged parameters: known names only, values in the types the model
 * wants, defaults where the model demands a value, everything checked. Safe for concurrent use.
 */
public final class RequestComposer {
  /** Set by the program for every request, spelt without case, hyphens and underscores. */
  private static final Set<String> RESERVED =
      Set.of("callbackurl", "model", "input", "externaltaskid", "taskid");

  /**
   * A request's input before its media are known, and what is to be said about it. Immutable: the
   * input is copied in and out.
   *
   * @param input the parameters in the order of the model file; complete only if nothing is refused
   * @param findings what to refuse or warn of, in that order; may be empty
   */
  public record Composed(ObjectNode input, List<Finding> findings) {
    public Composed {
      input = input.deepCopy();
      findings = List.copyOf(findings);
    }

    /** A copy of the input, to which the caller may add the media. */
    @Override
    public ObjectNode input() {
      return input.deepCopy();
    }

    /** Whether nothing may be sent. */
    public boolean refused() {
      return findings.stream().anyMatch(Finding::refuses);
    }
  }

  private RequestComposer() {}

  /**
   * The input of a request, media fields left out.
   *
   * <p>A value is turned into the type the schema wants only where nothing is guessed: a number
   * into the text it was written as, {@code "true"} and {@code "false"} into booleans, {@code 5.0}
   * into an integer. A default is used only for a parameter the model requires.
   *
   * @return the input and all findings; if {@link Composed#refused()} nothing may be sent
   */
  public static Composed compose(Model model, Parameters parameters) {
    InputSchema schema = model.input();
    List<Finding> findings = new ArrayList<>();
    Map<String, JsonNode> values = new TreeMap<>();
    for (var entry : parameters.settings().entrySet()) {
      String name = entry.getKey();
      JsonNode value = entry.getValue().value();
      String named = nameProblem(model, name);
      String problem = named.isEmpty() ? Values.problem(value) : named;
      if (problem.isEmpty()) {
        values.put(name, Values.convert(value, schema.typeOf(name).orElse("")));
      } else {
        String origin = entry.getValue().origin();
        findings.add(
            Finding.refuse(name, "%s: %s %s".formatted(origin, Words.clean(name), problem)));
      }
    }
    List<String> faulty = findings.stream().map(Finding::key).toList();
    ObjectNode input = Document.NODES.objectNode();
    for (String name : schema.names()) {
      JsonNode value = values.get(name);
      if (value != null) {
        input.set(name, value);
      } else if (schema.requires(name)) {
        schema.defaultOf(name).ifPresent(standard -> input.set(name, standard));
      }
    }
    InputCheck.check(model, input, parameters).stream()
        .filter(finding -> !faulty.contains(finding.key()))
        .forEach(findings::add);
    new TreeMap<>(model.fixed()).forEach((name, value) -> input.set(name, value.deepCopy()));
    return new Composed(input, findings);
  }

  /** What is wrong with a parameter's name for this model, or an empty text. */
  static String nameProblem(Model model, String name) {
    if (model.input().names().contains(name)) {
      return "";
    }
    if (model.mediaFields().contains(name)) {
      return "is filled with the dropped file and cannot be set";
    }
    String plain = name.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    if (RESERVED.contains(plain) || model.fixed().containsKey(name)) {
      return "is set by klingdrop and cannot be set here";
    }
    return "is not a parameter of "
        + model.label()
        + Suggest.closest(name, model.input().names())
            .map(near -> "; did you mean " + near + "?")
            .orElseGet(() -> "; it takes " + Words.anyOf(List.copyOf(model.input().names())));
  }
}
