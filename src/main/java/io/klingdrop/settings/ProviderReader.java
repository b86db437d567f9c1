package io.klingdrop.settings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the accounts. kie.ai has a dialect of its own; the other three speak Kling's. */
record ProviderReader(TypedValues values) {
  static final List<String> NAMES = List.of("kie", "comet", "relay", "kling");

  private static final Rate KIE_CREATE_LIMIT = new Rate(20, Duration.ofSeconds(10));
  private static final Rate KIE_POLL_LIMIT = new Rate(10, Duration.ofSeconds(1));
  private static final URI NOWHERE = URI.create("http://unset.invalid");

  List<ProviderSettings> all() {
    return List.of(
        kie(), kling("comet", "COMETAPI_KEY"), kling("relay", null), kling("kling", null));
  }

  private ProviderSettings kie() {
    var prefix = "klingdrop.provider.kie.";
    var keys =
        new ProviderSettings.Keys(
            values.text(prefix + "api-key"), "", "", values.text(prefix + "callback-key"));
    return new ProviderSettings(
        "kie",
        values.url(prefix + "base-url"),
        values.url(prefix + "upload-url"),
        keys,
        values.rate(prefix + "create-rate", KIE_CREATE_LIMIT),
        values.rate(prefix + "poll-rate", KIE_POLL_LIMIT),
        values.count(prefix + "max-in-flight", 100_000),
        timeouts(),
        ProviderSettings.Quirks.NONE,
        keys.apiKey().isEmpty()
            ? "no key is set: set KIE_API_KEY or klingdrop.provider.kie.api-key"
            : "");
  }

  /** An account that speaks Kling's protocol; its pages document no rates. */
  private ProviderSettings kling(String name, @Nullable String keyVariable) {
    var prefix = "klingdrop.provider." + name + ".";
    var base = values.text(prefix + "base-url");
    var keys =
        new ProviderSettings.Keys(
            values.text(prefix + "api-key"),
            values.text(prefix + "access-key"),
            values.text(prefix + "secret-key"),
            values.text(prefix + "callback-key"));
    var url = base.isEmpty() ? NOWHERE : values.url(prefix + "base-url");
    return new ProviderSettings(
        name,
        url,
        url,
        keys,
        values.rate(prefix + "create-rate", null),
        values.rate(prefix + "poll-rate", null),
        values.count(prefix + "max-in-flight", 100_000),
        timeouts(),
        quirks(prefix),
        base.isEmpty()
            ? "no address is set: set " + prefix + "base-url"
            : missing(prefix, keys, keyVariable));
  }

  private static String missing(
      String prefix, ProviderSettings.Keys keys, @Nullable String variable) {
    if (!keys.apiKey().isEmpty() || keys.mints()) {
      return "";
    }
    if (keys.accessKey().isEmpty() != keys.secretKey().isEmpty()) {
      return "%saccess-key and %ssecret-key only work together".formatted(prefix, prefix);
    }
    return variable == null
        ? "no key is set: set " + prefix + "api-key"
        : "no key is set: set %s or %sapi-key".formatted(variable, prefix);
  }

  private ProviderSettings.Quirks quirks(String prefix) {
    var lookup = values.oneOf(prefix + "external-id-lookup", List.of("off", "proven", "trusted"));
    return new ProviderSettings.Quirks(
        values.value(prefix + "query-path", ProviderReader::paths, List.of()),
        values.flag(prefix + "send-empty-optionals"),
        values.value(prefix + "extra-body", ProviderReader::object, ""),
        ProviderSettings.Lookup.valueOf(lookup.toUpperCase(Locale.ROOT)));
  }

  private static List<String> paths(String text) {
    var paths = Arrays.stream(text.split(",", -1)).map(String::strip).toList();
    for (var path : paths) {
      if (!path.matches("(/|\\{create\\}).*") || !path.contains("{id}")) {
        throw new IllegalArgumentException(
            "'%s' must begin with / or {create} and contain {id}".formatted(path));
      }
    }
    return paths;
  }

  private static String object(String text) {
    try {
      if (text.isEmpty() || new ObjectMapper().readTree(text).isObject()) {
        return text;
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("is not JSON: " + e.getOriginalMessage(), e);
    }
    throw new IllegalArgumentException("must be a JSON object");
  }

  private ProviderSettings.Timeouts timeouts() {
    var shortest = Duration.ofMillis(100);
    return new ProviderSettings.Timeouts(
        values.atLeast("klingdrop.submit.timeout", shortest),
        values.atLeast("klingdrop.poll.timeout", shortest),
        values.atLeast("klingdrop.upload.timeout", shortest));
  }
}
