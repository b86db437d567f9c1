package io.klingdrop.settings;

import static io.klingdrop.settings.TypedValues.sound;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads who is told of outcomes. Whether an endpoint exists is for the wiring to find out. */
record OutcomesReader(TypedValues values) {
  private static final String CHANNEL = "klingdrop.channel.";
  private static final Pattern ENDPOINT = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.+");

  Settings.Outcomes read() {
    var channels = new TreeMap<String, List<String>>();
    for (var key : values.keys()) {
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
            .filter(word -> !word.isEmpty() && !word.equals("file"))
            .toList();
    return sound(
        all,
        all.stream().allMatch(word -> ENDPOINT.matcher(word).matches()),
        "write file, or endpoint URIs with blanks between them, such as jms:queue:klingdrop");
  }

  private static String reference(String text) {
    var fine = !text.isEmpty() && !text.contains(" ");
    return URI.create(sound(text, fine, "must be a URI or a path, such as /klingdrop")).toString();
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
          && String.valueOf(url.getScheme()).matches("https?")) {
        return text;
      }
    } catch (URISyntaxException e) {
      // the fault below says enough, and the address may hold a secret
    }
    throw new IllegalArgumentException("is not an http or https URL without user and password");
  }

  private static List<String> secrets(String text, String url) {
    var all = Arrays.stream(text.split("\\s+", -1)).filter(word -> !word.isEmpty()).toList();
    var fine = !all.isEmpty() || url.isEmpty();
    sound(all, fine, "is needed to sign the notices to klingdrop.webhook.url");
    return sound(
        all,
        all.stream().allMatch(OutcomesReader::isSecret),
        "must be whsec_ and at least 16 bytes in Base64");
  }

  private static boolean isSecret(String text) {
    try {
      return text.startsWith("whsec_")
          && Base64.getDecoder().decode(text.substring("whsec_".length())).length >= 16;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
