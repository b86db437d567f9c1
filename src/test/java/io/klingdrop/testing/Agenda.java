package io.klingdrop.testing;

import io.klingdrop.settings.Settings;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * What a running service has before it, as its ledger says: whether anything is under way or could
 * be, and when the next thing is due that only waits for its time. The day after is not turned to:
 * jobs that wait for its money stay where they are.
 */
final class Agenda {
  /** Less than this is not worth a turn. */
  private static final Duration SOON = Duration.ofMillis(150);

  private static final String WAITING_LANES =
      "select provider from lane union select provider from pause";

  /** Work that somebody has in hand. */
  private static final String IN_HAND =
      "select (select count(*) from job where lease_until > %1$d)"
          + " + (select count(*) from shipment where lease_until > %1$d)"
          + " + (select count(*) from outcome where lease_until > %1$d)";

  /** Work that the next heartbeat takes. A closed lane and the money of the day hold up a job. */
  private static final String DUE =
      "select (select count(*) from job where lease_until is null and due_at <= %1$d and (filed = 0"
          + " or state in ('CLAIMED','RUNNING','GENERATED') or (state = 'SUBMIT_UNKNOWN' and"
          + " lookup = 1) or (state = 'READY' and held is null and provider not in ("
          + WAITING_LANES
          + "))))";

  private static final String NEXT =
      "select min(at) from (select due_at as at from job where filed = 0 or lookup = 1 or state in"
          + " ('CLAIMED','RUNNING','GENERATED') or (state = 'READY' and held is null)"
          + " union all select due_at from shipment where arrived_at is null and given_up = 0"
          + " union all select due_at from outcome"
          + " union all select probe_at from lane) as waiting where at > %1$d";

  private final Settings.Database ledger;
  private final SettableTime time;

  Agenda(Settings.Database ledger, SettableTime time) {
    this.ledger = ledger;
    this.time = time;
  }

  /** Turns the time to the next thing that is due, if nothing else is to be done before. */
  void turnToNext() {
    try (var connection =
            DriverManager.getConnection(ledger.url(), ledger.user(), ledger.password());
        var statement = connection.createStatement()) {
      var now = time.millis();
      if (ask(statement, DUE, now) > 0) {
        return;
      }
      var inHand = ask(statement, IN_HAND, now);
      var wait =
          inHand == 0
              ? Duration.ofMillis(ask(statement, NEXT, now) - now)
              : Duration.ofNanos(inHand > time.pausing() ? 0 : time.nextPauseNanos().orElse(0));
      if (wait.compareTo(SOON) > 0) {
        time.turn(wait);
      }
    } catch (SQLException e) {
      // a ledger that is refused to us is asked again at the next look
    }
  }

  private static long ask(Statement statement, String question, long now) throws SQLException {
    try (var row = statement.executeQuery(question.formatted(now))) {
      return row.next() ? row.getLong(1) : 0;
    }
  }
}
