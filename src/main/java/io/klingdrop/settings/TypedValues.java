package io.klingdrop.settings;

import java.net.URI;
import java.nio.file.InvalidPathException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Turns single texts into typed values and collects every fault. Not thread-safe. */
final class TypedValues {
  private final Sources sources;
  private final List<String> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  TypedValues(Sources sources) {
    this.sources = sources;
    this.problems.addAll(sources.problems());
  }

  List<String> problems() {
    return problems;
  }

  void problem(String problem) {
    problems.add(problem);
  }

  List<String> warnings() {
    return warnings;
  }

  String origin(String key) {
    return sources.origin(key);
  }

  /**
   * A rate; one above the limit is warned of.
   *
   * @param limit what the provider documents, null if it documents nothing
   */
  Rate rate(String key, @Nullable Rate limit) {
    var rate = value(key, Rate::of, limit == null ? new Rate(1, Duration.ofSeconds(1)) : limit);
    if (limit != null && rate.exceeds(limit)) {
      warnings.add(
          "%s is %s, above the %s that the provider documents: expect refusals"
              .formatted(sources.origin(key), rate, limit));
    }
    return rate;
  }

  URI url(String key) {
    return value(
        key,
        text -> {
          var uri = URI.create(text.replaceFirst("/+$", ""));
          if (uri.getHost() == null || !List.of("http", "https").contains(uri.getScheme())) {
            throw new IllegalArgumentException("'%s' is not an http or https URL".formatted(text));
          }
          if (uri.getRawUserInfo() != null || uri.getRawQuery() != null) {
            throw new IllegalArgumentException("must hold no user, password or query");
          }
          return uri;
        },
        URI.create("http://invalid.invalid"));
  }

  Duration atLeast(String key, Duration least) {
    return value(
        key,
        text -> {
          var duration = Units.duration(text);
          if (duration.compareTo(least) < 0) {
            throw new IllegalArgumentException(
                "is %s, at least %s".formatted(text, Units.text(least)));
          }
          return duration;
        },
        least);
  }

  int count(String key, int most) {
    return value(
        key,
        text -> {
          var number = text.matches("\\d{1,9}") ? Integer.parseInt(text) : -1;
          if (number < 1 || number > most) {
            throw new IllegalArgumentException(
                "'%s' is not a whole number from 1 to %d".formatted(text, most));
          }
          return number;
        },
        1);
  }

  /** An amount of at least 0, null if the text is empty. */
  @Nullable Double amount(String key) {
    return text(key).isEmpty()
        ? null
        : value(
            key,
            text -> {
              if (!text.matches("\\d{1,12}(\\.\\d{1,6})?")) {
                throw new IllegalArgumentException(
                    "'%s' is not a number of at least 0".formatted(text));
              }
              return Double.valueOf(text);
            },
            Double.valueOf(0));
  }

  boolean flag(String key) {
    return oneOf(key, List.of("true", "false")).equals("true");
  }

  String oneOf(String key, List<String> allowed) {
    return value(
        key,
        text -> {
          if (!allowed.contains(text)) {
            throw new IllegalArgumentException(
                "'%s' is not possible here; this version knows: %s"
                    .formatted(text, String.join(", ", allowed)));
          }
          return text;
        },
        allowed.get(0));
  }

  String text(String key) {
    return sources.values().getOrDefault(key, "");
  }

  /** What is wrong with an address may hold its password. */
  private static String withoutUser(String message) {
    return message.replaceAll("//[^/@\\s]*@", "//…@");
  }

  <T> T value(String key, Function<String, T> parse, T ifWrong) {
    try {
      return parse.apply(text(key));
    } catch (InvalidPathException e) {
      problems.add(sources.origin(key) + ": is not a path");
    } catch (IllegalArgumentException e) {
      problems.add(sources.origin(key) + ": " + withoutUser(String.valueOf(e.getMessage())));
    }
    return ifWrong;
  }
}
