package io.klingdrop.provider;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether callbacks come, for each account. Until one came, one task that was found ended without
 * being told is enough to stop waiting; afterwards three in a row are. A call that comes restores
 * it. Thread-safe.
 */
final class CallbackReliability {
  private static final Logger LOG = LoggerFactory.getLogger(CallbackReliability.class);

  /** A call that is this late does not count as missing yet. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  private static final int MISSES = 3;

  private final InstantSource clock;
  private final Predicate<String> told;
  private final Map<String, Voice> voices = new HashMap<>();
  private final Map<String, Untold> untold = new HashMap<>();
  private final Set<String> silent = new HashSet<>();
  private boolean leadsHere = true;
  private volatile Consumer<String> listener = account -> {};

  private record Voice(boolean everHeard, int misses) {}

  private record Untold(String account, Instant judge) {}

  CallbackReliability(InstantSource clock, Predicate<String> told) {
    this.clock = clock;
    this.told = told;
  }

  void onSilence(Consumer<String> listener) {
    this.listener = listener;
  }

  synchronized void heard(String account) {
    voices.put(account, new Voice(true, 0));
    if (silent.remove(account)) {
      LOG.info("callbacks of {} come again", account);
    }
  }

  /** Whether the end of a task of that account will be told. */
  boolean in(String account) {
    judge();
    synchronized (this) {
      var everHeard = voices.getOrDefault(account, new Voice(false, 0)).everHeard();
      return !silent.contains(account) && (everHeard || leadsHere);
    }
  }

  /** A task was found ended and nobody had told. */
  synchronized void foundUntold(String account, String jobId, @Nullable Duration ago) {
    var wait = ago == null ? GRACE : GRACE.minus(ago);
    untold.put(jobId, new Untold(account, clock.instant().plus(wait)));
  }

  private void judge() {
    var fallenSilent = new HashSet<String>();
    synchronized (this) {
      var now = clock.instant();
      var due =
          untold.entrySet().stream().filter(e -> !now.isBefore(e.getValue().judge())).toList();
      for (var entry : due) {
        untold.remove(entry.getKey());
        var account = entry.getValue().account();
        if (!told.test(entry.getKey()) && missed(account)) {
          fallenSilent.add(account);
        }
      }
    }
    fallenSilent.forEach(listener);
  }

  private boolean missed(String account) {
    var before = voices.getOrDefault(account, new Voice(false, 0));
    var voice = new Voice(before.everHeard(), before.misses() + 1);
    voices.put(account, voice);
    var enough = voice.misses() >= (voice.everHeard() ? MISSES : 1);
    if (enough && silent.add(account)) {
      LOG.warn(
          "callbacks of {} do not come: its tasks are looked at as without callbacks", account);
      return true;
    }
    return false;
  }

  /** The public address was tried; if it leads nowhere, accounts that never called are doubted. */
  void leadsHere(boolean answer) {
    synchronized (this) {
      var before = leadsHere;
      leadsHere = answer;
      if (answer || !before || voices.values().stream().anyMatch(Voice::everHeard)) {
        return;
      }
    }
    listener.accept("");
  }
}
