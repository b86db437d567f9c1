package io.klingdrop.provider;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * A provider's refusals and their meanings, as data: an ordered list of rules of which the first
 * that fits decides. Immutable.
 */
public final class ErrorTable {
  private static final Set<String> KEYS = Set.of("on", "code", "message", "http", "means");
  private static final Set<String> CALLS =
      Arrays.stream(Call.values()).map(Call::word).collect(Collectors.toSet());

  private final List<Rule> rules;

  private record Rule(
      Set<String> on,
      @Nullable Pattern code,
      @Nullable Pattern message,
      @Nullable Pattern http,
      Meaning meaning) {

    boolean fits(Call call, @Nullable String answerCode, String answerMessage, int httpStatus) {
      var status = Integer.toString(httpStatus);
      if (!on.contains(call.word()) || (http != null && !http.matcher(status).matches())) {
        return false;
      }
      if (http != null && code == null) {
        return answerCode == null;
      }
      return (code == null || (answerCode != null && code.matcher(answerCode).matches()))
          && (message == null || message.matcher(answerMessage).find());
    }
  }

  private ErrorTable(List<Rule> rules) {
    this.rules = List.copyOf(rules);
  }

  /**
   * The table of a dialect: {@code errors/NAME.yaml} in the configuration folder, else the shipped
   * one.
   *
   * @throws IllegalArgumentException if a rule is wrong, naming file and rule
   */
  public static ErrorTable load(Path configFolder, String dialect) {
    var shipped = "config/errors/" + dialect + ".yaml";
    var own = configFolder.resolve("errors/" + dialect + ".yaml");
    try {
      if (Files.exists(own)) {
        return parse(shipped, Files.readString(own));
      }
      try (var in = ErrorTable.class.getResourceAsStream("/" + shipped)) {
        if (in == null) {
          throw new IllegalStateException("missing in the jar: config/errors/" + dialect);
        }
        return parse(dialect, new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(own + ": is not UTF-8 text; save it as UTF-8", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What an answer means; {@code code} is null when the answer held no envelope. */
  public Meaning meaning(Call call, @Nullable String code, String message, int httpStatus) {
    return rules.stream()
        .filter(rule -> rule.fits(call, code, message, httpStatus))
        .map(Rule::meaning)
        .findFirst()
        .orElse(Meaning.NO_WORD);
  }

  private static ErrorTable parse(String name, String text) {
    var rules = new ArrayList<Rule>();
    try {
      var settings = LoadSettings.builder().setAllowDuplicateKeys(false).setLabel(name).build();
      if (!(new Load(settings).loadFromString(text) instanceof List<?> entries)) {
        throw new IllegalArgumentException(name + ": must be a list of rules");
      }
      for (var entry : entries) {
        rules.add(rule(name + ", rule " + (rules.size() + 1), entry));
      }
    } catch (YamlEngineException e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
    }
    return new ErrorTable(rules);
  }

  private static Rule rule(String where, Object entry) {
    if (!(entry instanceof Map<?, ?> map) || !(map.get("on") instanceof List<?> on)) {
      throw new IllegalArgumentException(where + ": needs on: [..] and means:");
    }
    var unknown = map.keySet().stream().filter(key -> !KEYS.contains(key)).toList();
    var calls = on.stream().map(String::valueOf).collect(Collectors.toSet());
    if (!unknown.isEmpty() || !CALLS.containsAll(calls)) {
      throw new IllegalArgumentException(where + ": unknown key or call: " + unknown + calls);
    }
    var means = String.valueOf(map.get("means"));
    try {
      var meaning = Meaning.ofWord(means);
      return new Rule(
          calls,
          pattern(map.get("code")),
          pattern(map.get("message")),
          pattern(map.get("http")),
          meaning);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(where + ": " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(where + ": no meaning " + means, e);
    }
  }

  private static @Nullable Pattern pattern(@Nullable Object text) {
    return text == null
        ? null
        : Pattern.compile(text.toString(), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
  }
}
