package io.klingdrop.ledger;

import java.time.Duration;
import java.time.Instant;

/**
 * A ledger that was written by a clock ahead of ours: what waits for a time would wait that much
 * longer. Used at the start, before anything is claimed.
 */
public record AheadOfTime(Database database) {
  private static final Duration SMALL = Duration.ofSeconds(5);

  /**
   * Makes due now what waits for a time, if the ledger holds an event of the future. Nothing is
   * paid by that: what is looked at early is judged by the same rules.
   *
   * @return how far ahead the ledger is; zero if it is not
   */
  public Duration mend(Instant now) {
    return database.transaction(
        tx -> {
          var last =
              Instant.ofEpochMilli(
                  tx.query(row -> row.getLong(1), "select coalesce(max(at), 0) from event").get(0));
          if (last.isBefore(now.plus(SMALL))) {
            return Duration.ZERO;
          }
          var at = now.toEpochMilli();
          tx.update("update job set due_at = ? where due_at > ?", at, at);
          tx.update("update shipment set due_at = ? where due_at > ?", at, at);
          tx.update("update outcome set due_at = ? where due_at > ?", at, at);
          tx.update("update lane set probe_at = ? where probe_at > ?", at, at);
          return Duration.between(now, last);
        });
  }
}
