package io.klingdrop.health;

import io.klingdrop.job.Text;
import io.klingdrop.ledger.OutcomeRow.Way;
import io.klingdrop.ledger.OutcomeRows;
import io.klingdrop.ledger.Shipments;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** What waits for others to take it: videos for their targets, messages, notices. Thread-safe. */
public final class Backlogs {
  private static final Duration FRESH = Duration.ofSeconds(10);

  private final Shipments shipments;
  private final OutcomeRows outcomes;
  private final InstantSource clock;
  private String last = "";
  private Instant lookedAt = Instant.MIN;

  public Backlogs(Shipments shipments, OutcomeRows outcomes, InstantSource clock) {
    this.shipments = shipments;
    this.outcomes = outcomes;
    this.clock = clock;
  }

  /** One sentence, at most five seconds old. */
  public synchronized String said() {
    var now = clock.instant();
    if (!now.isBefore(lookedAt.plus(FRESH))) {
      last = look();
      lookedAt = now;
    }
    return last;
  }

  private String look() {
    var parts = new ArrayList<String>();
    var videos = shipments.backlog();
    if (videos.count() > 0) {
      parts.add(
          videos.count()
              + " on the way to a target"
              + since(", refused since ", videos.troubleSince()));
    }
    for (var backlog : outcomes.backlog()) {
      parts.add(
          backlog.count()
              + (backlog.way() == Way.CHANNEL ? " messages" : " notices")
              + (backlog.failing() > 0 ? ", " + backlog.failing() + " not taken" : "")
              + since(", the oldest since ", backlog.oldest()));
    }
    return parts.isEmpty() ? "nothing waits" : Text.oneLine(String.join("; ", parts), 300);
  }

  private static String since(String words, @Nullable Instant since) {
    return since == null ? "" : words + since;
  }
}
