package io.klingdrop.settings;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads who is told of outcomes. Whether an endpoint exists is for the wiring to find out. */
record OutcomesReader(TypedValues values, Sources sources) {
  private static final String CHANNEL = "klingdrop.channel.";
  private static final String FILE = "file";
  private static final Pattern ENDPOINT = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.+");
  private static final String SECRET_START = "whsec_";
  private static final int SHORTEST_SECRET = 16;

  Settings.Outcomes read() {
    var channels = new TreeMap<String, List<String>>();
    for (var key : sources.values().keySet()) {
      if (key.startsWith(CHANNEL) && !values.text(key).isEmpty()) {
        channels.put(
            key.substring(CHANNEL.length()),
            values.value(key, OutcomesReader::endpoints, List.of()));
      }
    }
    return new Settings.Outcomes(
        values.value("klingdrop.outcome.source", OutcomesReader::reference, "/"),
        channels,
        webhook());
  }

  /** Never repeats the text in a fault: it may hold a password. */
  private static List<String> endpoints(String text) {
    var all =
        Arrays.stream(text.split("\\s+", -1))
            .map(word -> word.endsWith(",") ? word.substring(0, word.length() - 1) : word)
            .filter(word -> !word.isEmpty() && !word.equals(FILE))
            .toList();
    if (!all.stream().allMatch(word -> ENDPOINT.matcher(word).matches())) {
      throw new IllegalArgumentException(
          "write file, or endpoint URIs with blanks between them, such as jms:queue:klingdrop");
    }
    return all;
  }

  private static String reference(String text) {
    if (text.isEmpty() || text.contains(" ")) {
      throw new IllegalArgumentException("must be a URI or a path, such as /klingdrop");
    }
    return URI.create(text).toString();
  }

  private Settings.Webhook webhook() {
    var url = values.value("klingdrop.webhook.url", OutcomesReader::address, "");
    var secrets =
        values.value("klingdrop.webhook.secret", text -> secrets(text, url), List.<String>of());
    return new Settings.Webhook(
        url,
        secrets,
        values.atLeast("klingdrop.webhook.give-up", Duration.ofSeconds(1)),
        values.atLeast("klingdrop.webhook.timeout", Duration.ofMillis(100)));
  }

  private static String address(String text) {
    if (text.isEmpty()) {
      return text;
    }
    try {
      var url = new URI(text);
      if (url.getHost() != null
          && url.getRawUserInfo() == null
          && List.of("http", "https").contains(url.getScheme())) {
        return text;
      }
    } catch (java.net.URISyntaxException e) {
      // the fault below says enough, and the address may hold a secret
    }
    throw new IllegalArgumentException("is not an http or https URL without user and password");
  }

  private static List<String> secrets(String text, String url) {
    var all = Arrays.stream(text.split("\\s+", -1)).filter(word -> !word.isEmpty()).toList();
    if (all.isEmpty() && !url.isEmpty()) {
      throw new IllegalArgumentException("is needed to sign the notices to klingdrop.webhook.url");
    }
    for (var secret : all) {
      if (!secret.startsWith(SECRET_START)
          || key(secret.substring(SECRET_START.length())) < SHORTEST_SECRET) {
        throw new IllegalArgumentException(
            "must be whsec_ and at least %d bytes in Base64".formatted(SHORTEST_SECRET));
      }
    }
    return all;
  }

  private static int key(String base64) {
    try {
      return Base64.getDecoder().decode(base64).length;
    } catch (IllegalArgumentException e) {
      return 0;
    }
  }
}
