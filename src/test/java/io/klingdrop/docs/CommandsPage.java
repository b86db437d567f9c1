package io.klingdrop.docs;

import io.klingdrop.cli.Cli;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ScopeType;

/** The verbs as picocli knows them: what each does, what it takes, and the exit codes. */
final class CommandsPage {
  private CommandsPage() {}

  /** The page's part that is made from the program. */
  static String text() {
    var program = new CommandLine(new Cli());
    var verbs =
        program.getSubcommands().values().stream().map(CommandLine::getCommandSpec).toList();
    var page = new StringBuilder(Cells.head("verb", "what it does"));
    verbs.forEach(
        verb ->
            page.append(
                Cells.row(
                    List.of(
                        "[`%s`](#%s)".formatted(verb.name(), verb.name()),
                        Cells.words(description(verb).get(0))))));
    page.append("\nEvery verb takes these too:\n\n").append(Cells.head("argument", "meaning"));
    program.getCommandSpec().options().stream()
        .filter(CommandsPage::general)
        .forEach(option -> page.append(row("`" + names(option) + "`", option)));
    verbs.forEach(verb -> page.append(section(verb, program.getCommandSpec())));
    page.append("\n## Exit codes\n\n").append(Cells.head("exit code", "when"));
    program
        .getCommandSpec()
        .usageMessage()
        .exitCodeList()
        .forEach((code, when) -> page.append(Cells.row(List.of(code.strip(), Cells.words(when)))));
    return page.toString();
  }

  private static String section(CommandSpec verb, CommandSpec program) {
    var section = new StringBuilder("\n## ").append(verb.name()).append("\n\n```text\n");
    section.append(synopsis(verb, program)).append("\n```\n\n");
    section.append(Cells.words(String.join(" ", description(verb)))).append("\n");
    var own = arguments(verb);
    return own.isEmpty() ? section.toString() : section.append("\n").append(own).toString();
  }

  private static List<String> description(CommandSpec verb) {
    return List.of(verb.usageMessage().description());
  }

  private static String synopsis(CommandSpec verb, CommandSpec program) {
    var words = new ArrayList<String>(List.of(program.name(), verb.name()));
    own(verb).forEach(option -> words.add("[" + names(option) + "]"));
    for (var positional : verb.positionalParameters()) {
      var many = positional.arity().max() > 1 ? "…" : "";
      words.add(
          positional.arity().min() == 0
              ? "[" + positional.paramLabel() + many + "]"
              : positional.paramLabel() + many);
    }
    return String.join(" ", words);
  }

  private static List<OptionSpec> own(CommandSpec verb) {
    return verb.options().stream().filter(option -> !general(option)).toList();
  }

  private static boolean general(OptionSpec option) {
    return option.usageHelp()
        || option.versionHelp()
        || option.inherited()
        || option.scopeType() == ScopeType.INHERIT;
  }

  private static String arguments(CommandSpec command) {
    var rows = new StringBuilder();
    command
        .positionalParameters()
        .forEach(one -> rows.append(row("`" + one.paramLabel() + "`", one)));
    own(command).forEach(one -> rows.append(row("`" + names(one) + "`", one)));
    return rows.isEmpty() ? "" : Cells.head("argument", "meaning") + rows;
  }

  private static String row(String name, ArgSpec argument) {
    return Cells.row(List.of(name, Cells.words(String.join(" ", argument.description()))));
  }

  private static String names(OptionSpec option) {
    var names = List.of(option.names()).stream().collect(Collectors.joining(", "));
    return option.arity().max() == 0 ? names : names + " " + option.paramLabel();
  }
}
