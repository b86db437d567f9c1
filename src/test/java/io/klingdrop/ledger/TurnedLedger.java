package io.klingdrop.ledger;

import java.time.InstantSource;
import java.util.List;

/** What a test that turns a ledger's time has to reach of it. Thread-safe. */
public record TurnedLedger(Database database) {

  /** A new ledger in memory whose leases all run by that clock. */
  public static TurnedLedger inMemory(InstantSource clock) {
    var database = Database.open("jdbc:sqlite::memory:", "", "");
    database.leasesBy(clock);
    return new TurnedLedger(database);
  }

  /** Whether this thread is inside a transaction, where it cannot be held up alone. */
  public boolean inUse() {
    return database.turn.isHeldByCurrentThread();
  }

  /** Changes rows by hand. */
  public void run(String sql) {
    database.update(sql);
  }

  /** The first column of what a question finds, as texts. */
  public List<String> ask(String sql) {
    return database.query(row -> String.valueOf(row.getString(1)), sql);
  }
}
