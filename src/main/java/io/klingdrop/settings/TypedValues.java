package io.klingdrop.settings;

import io.klingdrop.job.Units;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Turns single texts into typed values and collects every fault. Not thread-safe. */
record TypedValues(Sources sources, List<String> warnings) {
  TypedValues(Sources sources) {
    this(sources, new ArrayList<>());
  }

  List<String> problems() {
    return sources.problems();
  }

  void problem(String problem) {
    problems().add(problem);
  }

  String origin(String key) {
    return sources.origin(key);
  }

  Set<String> keys() {
    return sources.values().keySet();
  }

  /** The value, if it is sound; if not, the problem as an illegal argument. */
  static <T> T sound(T value, boolean sound, String problem) {
    if (!sound) {
      throw new IllegalArgumentException(problem);
    }
    return value;
  }

  /** A rate; one above what the provider documents, null for nothing, is warned of. */
  Rate rate(String key, @Nullable Rate limit) {
    var rate = value(key, Rate::of, limit == null ? new Rate(1, Duration.ofSeconds(1)) : limit);
    if (limit != null && rate.exceeds(limit)) {
      warnings.add(
          "%s is %s, above the %s that the provider documents: expect refusals"
              .formatted(origin(key), rate, limit));
    }
    return rate;
  }

  URI url(String key) {
    return value(key, TypedValues::web, URI.create("http://invalid.invalid"));
  }

  private static URI web(String text) {
    var uri = URI.create(text.replaceFirst("/+$", ""));
    var known = uri.getHost() != null && String.valueOf(uri.getScheme()).matches("https?");
    sound(uri, known, "'%s' is not an http or https URL".formatted(text));
    var plain = uri.getRawUserInfo() == null && uri.getRawQuery() == null;
    return sound(uri, plain, "must hold no user, password or query");
  }

  /** An address without a slash at its end, or an empty text. */
  String maybeUrl(String key) {
    return text(key).isEmpty() ? "" : url(key).toString();
  }

  Duration atLeast(String key, Duration least) {
    return value(
        key,
        text -> {
          var duration = Units.duration(text);
          var fine = duration.compareTo(least) >= 0;
          return sound(duration, fine, "is %s, at least %s".formatted(text, Units.text(least)));
        },
        least);
  }

  int count(String key, int most) {
    return value(
        key,
        text -> {
          var number = text.matches("\\d{1,9}") ? Integer.parseInt(text) : -1;
          var fine = number >= 1 && number <= most;
          return sound(
              number, fine, "'%s' is not a whole number from 1 to %d".formatted(text, most));
        },
        1);
  }

  /** An amount of at least 0, null if the text is empty. */
  @Nullable Double amount(String key) {
    return text(key).isEmpty() ? null : value(key, TypedValues::amountOf, Double.valueOf(0));
  }

  private static Double amountOf(String text) {
    var fine = text.matches("\\d{1,12}(\\.\\d{1,6})?");
    return Double.valueOf(sound(text, fine, "'%s' is not a number of at least 0".formatted(text)));
  }

  boolean flag(String key) {
    return oneOf(key, List.of("true", "false")).equals("true");
  }

  String oneOf(String key, List<String> allowed) {
    return value(
        key,
        text ->
            sound(
                text,
                allowed.contains(text),
                "'%s' is not possible here; this version knows: %s"
                    .formatted(text, String.join(", ", allowed))),
        allowed.get(0));
  }

  String text(String key) {
    return sources.values().getOrDefault(key, "");
  }

  <T> T value(String key, Function<String, T> parse, T ifWrong) {
    try {
      return parse.apply(text(key));
    } catch (InvalidPathException e) {
      problem(origin(key) + ": is not a path");
    } catch (IllegalArgumentException e) {
      // what is wrong with an address may hold its password
      var said = String.valueOf(e.getMessage()).replaceAll("//[^/@\\s]*@", "//…@");
      problem(origin(key) + ": " + said);
    }
    return ifWrong;
  }
}
