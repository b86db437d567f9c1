package io.klingdrop.provider;

import io.klingdrop.settings.ProviderSettings;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes an account's keys out of texts: a provider may repeat what was sent, and the key must not
 * come back with it. Immutable.
 */
public final class Secrets {
  /** What is shorter is no key of theirs, and would be found inside ordinary words. */
  private static final int SHORTEST_KEY = 8;

  /** What makes an address of a bucket a secret; a provider may repeat one in its message. */
  private static final Pattern SIGNATURE =
      Pattern.compile("(?i)(X-Amz-(?:Signature|Credential|Security-Token))=[^&\\s\"'<>]*");

  /** A token minted from a key, which proves as much while it lives. */
  private static final Pattern TOKEN =
      Pattern.compile("eyJ[A-Za-z0-9_-]{8,}+\\.[A-Za-z0-9_-]{8,}+\\.[A-Za-z0-9_-]{8,}+");

  private final List<String> keys;

  public Secrets(ProviderSettings.Keys keys) {
    this.keys =
        Stream.of(keys.apiKey(), keys.secretKey(), keys.accessKey(), keys.callbackKey())
            .filter(key -> key.length() >= SHORTEST_KEY)
            .toList();
  }

  /** The text without keys, tokens and signatures of addresses; empty for null. */
  public String hide(@Nullable String text) {
    var plain = text == null ? "" : text;
    for (var key : keys) {
      plain = plain.replace(key, "[key]");
    }
    plain = SIGNATURE.matcher(plain).replaceAll("$1=[hidden]");
    return TOKEN.matcher(plain).replaceAll("[key]");
  }
}
