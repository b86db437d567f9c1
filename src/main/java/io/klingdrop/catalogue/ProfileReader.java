package io.klingdrop.catalogue;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads one profile file; {@code config/models/README.md} explains every key. */
final class ProfileReader {
  /** A new key of profiles starts here; anything else is a mistake and is named. */
  static final List<String> KEYS =
      Words.list("provider model parameters sidecar targets retry budget description");

  /** The keys of the section {@code retry}: the failure classes that may be paid for again. */
  static final List<String> RETRY_KEYS = List.of("generation");

  static final List<String> BUDGET_KEYS = List.of("credits-per-day");

  private static final int MOST_RETRIES = 10;

  private ProfileReader() {}

  static Optional<Profile> read(String name, Document document, List<String> problems) {
    List<String> found = new ArrayList<>();
    Section top = Section.top(document, found).allow(KEYS);
    var profile =
        new Profile(
            name,
            top.maybeText("description").orElse(""),
            top.text("provider"),
            top.text("model"),
            Parameters.of(
                document, top.section("parameters").node(), "parameters", document.name()),
            top.oneOf("sidecar", List.of("optional", "required")).equals("required"),
            top.texts("targets"),
            top.section("retry").allow(RETRY_KEYS).upTo("generation", MOST_RETRIES),
            top.section("budget")
                .allow(BUDGET_KEYS)
                .decimal("credits-per-day")
                .map(BigDecimal::doubleValue)
                .orElse(null),
            document.name());
    problems.addAll(found);
    return found.isEmpty() ? Optional.of(profile) : Optional.empty();
  }

  /** The parameters whose names the model does not know. */
  static List<String> problems(Profile profile, Model model) {
    List<String> problems = new ArrayList<>();
    for (var entry : profile.parameters().settings().entrySet()) {
      String name = entry.getKey();
      String problem = RequestComposer.nameProblem(model, name);
      if (!problem.isEmpty()) {
        problems.add(
            "%s: parameters.%s %s"
                .formatted(entry.getValue().origin(), Words.clean(name), problem));
      }
    }
    return problems;
  }
}
