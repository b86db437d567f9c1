package io.klingdrop.provider;

import io.klingdrop.settings.ProviderSettings;
import io.klingdrop.time.Time;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * The account's free questions about tasks: kept under its poll rate, slower after a refusal, and
 * every refusal in the words of {@link TaskReport}. Thread-safe.
 */
final class Queries {
  /** After a refused query without Retry-After; clients report 2 to 12 s to work, 2026-09. */
  private static final Duration SLOW_DOWN = Duration.ofSeconds(2);

  private final RateLimiter pace;

  Queries(ProviderSettings settings, Time time) {
    this.pace = new RateLimiter(settings.pollRate(), time);
  }

  /**
   * Waits for the account's next turn, then asks.
   *
   * @param stopped what to answer if the program stops before the turn came
   */
  <T> T ask(Supplier<T> question, T stopped) {
    try {
      pace.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return stopped;
    }
    return question.get();
  }

  /** What a refused query says about its task. */
  TaskReport refused(Refusal refusal) {
    if (refusal.meaning() == Meaning.RATE) {
      pace.pause(refusal.retryAfter() == null ? SLOW_DOWN : refusal.retryAfter());
    }
    return switch (refusal.meaning()) {
      case KEY, RATE, FULL, MAINTENANCE, CAP, CREDIT, DISABLED -> new TaskReport.Closed(refusal);
      case UNKNOWN_TASK -> new TaskReport.NotKnown(refusal.said());
      case GENERATION, REJECTED, INVALID -> new TaskReport.Ended(refusal, null);
      case BUSY, ADDRESS, NO_WORD, LOST -> new TaskReport.NoWord(refusal.said());
    };
  }
}
