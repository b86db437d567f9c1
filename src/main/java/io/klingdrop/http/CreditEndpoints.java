package io.klingdrop.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.klingdrop.provider.Lanes;
import io.klingdrop.provider.ProviderException;
import io.klingdrop.provider.Providers;
import io.klingdrop.time.Time;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The credits that are left at each account, as the providers said. An account is asked once a
 * minute at most, in the background, and only while somebody wants to know; one that names no
 * figure is not asked again. Thread-safe.
 */
final class CreditEndpoints implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CreditEndpoints.class);
  private static final Duration FRESH = Duration.ofMinutes(1);

  private final Providers providers;
  private final Lanes lanes;
  private final Time clock;
  private final Time.Timer hand;
  private final Map<String, Look> looks = new ConcurrentHashMap<>();
  private final AtomicBoolean asking = new AtomicBoolean();

  /** What one account said; null is no figure. */
  private record Look(@Nullable BigDecimal left, Instant at, boolean again) {}

  CreditEndpoints(Providers providers, Lanes lanes, Time clock) {
    this.providers = providers;
    this.lanes = lanes;
    this.clock = clock;
    this.hand = clock.timer("credits");
  }

  List<Endpoint> all() {
    return List.of(
        Endpoint.get(
            OpsPaths.API + "/credits",
            "http-tell-credits",
            "Tells the credits left at each account whose provider names a figure, as last heard;"
                + " asking says that they are being asked for",
            request -> answer()));
  }

  private Answer answer() {
    var due = providers.all().stream().filter(this::due).toList();
    ask(due);
    var json = JsonNodeFactory.instance.objectNode();
    var list = json.putArray("accounts");
    for (var account : providers.all()) {
      var look = looks.get(account.name());
      if (look != null && look.left != null) {
        list.addObject()
            .put("provider", account.name())
            .put("left", look.left)
            .put("at", look.at.toString());
      }
    }
    json.put("asking", !due.isEmpty());
    return Answer.json(json);
  }

  /** Asks them one after the other, unless that is going on already. */
  private void ask(List<Providers.Account> due) {
    if (!due.isEmpty() && asking.compareAndSet(false, true)) {
      hand.after(Duration.ZERO, () -> lookAt(due));
    }
  }

  private void lookAt(List<Providers.Account> due) {
    try {
      due.forEach(account -> looks.put(account.name(), look(account, looks.get(account.name()))));
    } finally {
      asking.set(false);
    }
  }

  private boolean due(Providers.Account account) {
    var look = looks.get(account.name());
    return account.settings().usable()
        && lanes.mayPoll(account.name())
        && (look == null || (look.again && !clock.instant().isBefore(look.at.plus(FRESH))));
  }

  private Look look(Providers.Account account, @Nullable Look before) {
    var now = clock.instant();
    try {
      var left = account.gateway().credit();
      return new Look(left.orElse(null), now, left.isPresent());
    } catch (ProviderException e) {
      LOG.debug("{} does not tell its credits: {}", account.name(), e.refusal().said());
      return new Look(before == null ? null : before.left, now, true);
    } catch (RuntimeException e) {
      LOG.warn("{} could not be asked for its credits: {}", account.name(), e.toString());
      return new Look(before == null ? null : before.left, now, true);
    }
  }

  @Override
  public void close() {
    hand.close();
  }
}
