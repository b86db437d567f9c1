package io.klingdrop.catalogue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads one profile file; {@code config/models/README.md} explains every key. */
final class ProfileReader {
  /** A new key of profiles starts here; anything else is a mistake and is named. */
  static final List<String> KEYS =
      List.of("provider", "model", "parameters", "sidecar", "targets", "description");

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
            document.name());
    problems.addAll(found);
    return found.isEmpty() ? Optional.of(profile) : Optional.empty();
  }

  /** The parameters whose names the model does not know. */
  static List<String> problems(Profile profile, Model model) {
    List<String> problems = new ArrayList<>();
    profile
        .parameters()
        .settings()
        .forEach(
            (name, setting) -> {
              String problem = RequestComposer.nameProblem(model, name);
              if (!problem.isEmpty()) {
                problems.add(
                    "%s: parameters.%s %s".formatted(setting.origin(), Words.clean(name), problem));
              }
            });
    return problems;
  }
}
