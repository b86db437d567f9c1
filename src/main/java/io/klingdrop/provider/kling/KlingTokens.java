package io.klingdrop.provider.kling;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import io.klingdrop.settings.ProviderSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * What an account sends to prove who it is: its bearer key as it stands, or a token minted from
 * access key and secret key. Thread-safe.
 *
 * <p>Tokens: HS256 with {@code iss} the access key, {@code exp} in 1,800 s, {@code nbf} 5 s ago
 * (klingai.com, authentication and common information, 2026).
 */
final class KlingTokens {
  private static final Duration LIFE = Duration.ofMinutes(30);

  /** Jobs outlive a token: it is replaced well before its end. */
  private static final Duration USED = Duration.ofMinutes(25);

  private static final Duration SKEW = Duration.ofSeconds(5);

  private final ProviderSettings.Keys keys;
  private final InstantSource clock;
  private @Nullable String token;
  private Instant mintedAt = Instant.EPOCH;

  KlingTokens(ProviderSettings.Keys keys, InstantSource clock) {
    this.keys = keys;
    this.clock = clock;
  }

  synchronized String authorization() {
    if (!keys.mints()) {
      return "Bearer " + keys.apiKey();
    }
    var now = clock.instant();
    if (token == null || now.isAfter(mintedAt.plus(USED)) || now.isBefore(mintedAt)) {
      token = mint(now);
      mintedAt = now;
    }
    return "Bearer " + token;
  }

  private String mint(Instant now) {
    return JWT.create()
        .withIssuer(keys.accessKey())
        .withExpiresAt(now.plus(LIFE))
        .withNotBefore(now.minus(SKEW))
        .sign(Algorithm.HMAC256(keys.secretKey()));
  }

  /** The token was called too old or too young; tells whether the next one will be another. */
  synchronized boolean renew() {
    token = null;
    return keys.mints();
  }
}
