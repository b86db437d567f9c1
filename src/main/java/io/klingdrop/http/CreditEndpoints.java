package io.klingdrop.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.klingdrop.provider.Lanes;
import io.klingdrop.provider.ProviderException;
import io.klingdrop.provider.Providers;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The credits that are left at each account, as the providers say. An account is asked once a
 * minute at most, and only while somebody wants to know; one that names no figure is not asked
 * again. Thread-safe.
 */
final class CreditEndpoints {
  private static final Logger LOG = LoggerFactory.getLogger(CreditEndpoints.class);
  private static final Duration FRESH = Duration.ofMinutes(1);

  private final Providers providers;
  private final Lanes lanes;
  private final InstantSource clock;
  private final Map<String, Look> looks = new TreeMap<>();

  /** What one account said; null is no figure. */
  private record Look(@Nullable BigDecimal left, Instant at, boolean again) {}

  CreditEndpoints(Providers providers, Lanes lanes, InstantSource clock) {
    this.providers = providers;
    this.lanes = lanes;
    this.clock = clock;
  }

  List<Endpoint> all() {
    return List.of(
        Endpoint.get(
            OpsPaths.API + "/credits",
            "http-tell-credits",
            "Tells the credits left at each account whose provider names a figure",
            request -> answer()));
  }

  private synchronized Answer answer() {
    var json = JsonNodeFactory.instance.objectNode();
    var list = json.putArray("accounts");
    for (var account : providers.all()) {
      var look = looks.get(account.name());
      if (account.settings().usable() && lanes.mayPoll(account.name()) && due(look)) {
        look = look(account, look);
        looks.put(account.name(), look);
      }
      if (look != null && look.left != null) {
        list.addObject()
            .put("provider", account.name())
            .put("left", look.left)
            .put("at", look.at.toString());
      }
    }
    return Answer.json(json);
  }

  private boolean due(@Nullable Look look) {
    return look == null || (look.again && !clock.instant().isBefore(look.at.plus(FRESH)));
  }

  private Look look(Providers.Account account, @Nullable Look before) {
    var now = clock.instant();
    try {
      var left = account.gateway().credit();
      return new Look(left.orElse(null), now, left.isPresent());
    } catch (ProviderException e) {
      LOG.debug("{} does not tell its credits: {}", account.name(), e.refusal().said());
      return new Look(before == null ? null : before.left, now, true);
    }
  }
}
